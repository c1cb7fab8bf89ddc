import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { screencastCommand } from '../harness/cli/screencast.ts';

await main(screencastCommand, root);
