import { editionCommand } from '../harness/cli/edition.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(editionCommand, root);
