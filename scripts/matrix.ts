import { matrixCommand } from '../harness/cli/matrix.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(matrixCommand, root);
