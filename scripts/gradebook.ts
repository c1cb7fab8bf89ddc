import { gradebookCommand } from '../harness/cli/gradebook.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(gradebookCommand, root);
