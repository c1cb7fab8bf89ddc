import { main } from '../harness/cli/main.ts';
import { mutateCommand } from '../harness/cli/mutate.ts';
import { root } from '../harness/cli/root.ts';

await main(mutateCommand, root);
