import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { serveCommand } from '../harness/cli/serve.ts';

await main(serveCommand, root);
