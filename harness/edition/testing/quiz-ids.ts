import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuiz } from '../../catalog/quiz.ts';

/** For tests: the ids of the questions of an exercise. */
export function readQuizIds(root: string, id: string): string[] {
  const parsed = parseQuiz(readFileSync(join(root, 'exercises', id, 'quiz.json'), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.questions.map((question) => question.id);
}
