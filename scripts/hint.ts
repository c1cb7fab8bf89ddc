import { hintCommand } from '../harness/cli/hint.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(hintCommand, root);
