import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { updateCommand } from '../harness/cli/update.ts';

await main(updateCommand, root);
