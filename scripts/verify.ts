import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { verifyCommand } from '../harness/cli/verify.ts';

await main(verifyCommand, root);
