import { listCommand } from '../harness/cli/list.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(listCommand, root);
