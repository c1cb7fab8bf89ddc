import { assignCommand } from '../harness/cli/assign.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(assignCommand, root);
