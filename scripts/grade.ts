import { gradeCommand } from '../harness/cli/grade.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(gradeCommand, root);
