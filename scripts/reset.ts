import { main } from '../harness/cli/main.ts';
import { resetCommand } from '../harness/cli/reset.ts';
import { root } from '../harness/cli/root.ts';

await main(resetCommand, root);
