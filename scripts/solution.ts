import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { solutionCommand } from '../harness/cli/solution.ts';

await main(solutionCommand, root);
