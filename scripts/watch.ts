import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { watchCommand } from '../harness/cli/watch.ts';

await main(watchCommand, root);
