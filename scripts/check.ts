import { checkCommand } from '../harness/cli/check.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(checkCommand, root);
