import { main } from '../harness/cli/main.ts';
import { attackCommand } from '../harness/cli/attack.ts';
import { root } from '../harness/cli/root.ts';

await main(attackCommand, root);
