import { benchCommand } from '../harness/cli/bench.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(benchCommand, root);
