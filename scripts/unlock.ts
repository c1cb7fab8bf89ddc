import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { unlockCommand } from '../harness/cli/unlock.ts';

await main(unlockCommand, root);
