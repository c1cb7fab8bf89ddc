import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { newCommand } from '../harness/cli/new.ts';

await main(newCommand, root);
