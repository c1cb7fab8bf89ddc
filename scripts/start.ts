import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { startCommand } from '../harness/cli/start.ts';

await main(startCommand, root);
