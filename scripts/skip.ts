import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { skipCommand } from '../harness/cli/skip.ts';

await main(skipCommand, root);
