import { gradeWorkerCommand } from '../harness/cli/grade-worker.ts';
import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';

await main(gradeWorkerCommand, root);
