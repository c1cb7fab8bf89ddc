import { main } from '../harness/cli/main.ts';
import { quizCommand } from '../harness/cli/quiz.ts';
import { root } from '../harness/cli/root.ts';

await main(quizCommand, root);
