import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { parseHints } from '../catalog/hints.ts';
import { parseQuiz } from '../catalog/quiz.ts';

/** What an exercise should have besides its suite: hints for every rule, and a quiz of five questions. */
export function contentProblems(exercise: Exercise): string[] {
  return [...hintProblems(exercise), ...quizProblems(exercise)];
}

function hintProblems({ folder, rules }: Exercise): string[] {
  const text = read(join(folder, 'hints.md'));
  if (text === null) return ['there is no hints.md'];
  const hints = parseHints(text);
  const missing = rules
    .filter(({ id }) => (hints.get(id)?.length ?? 0) < 2)
    .map(({ id }) => `hints.md has fewer than two levels for ${id}`);
  const stray = [...hints.keys()]
    .filter((id) => !rules.some((rule) => rule.id === id))
    .map((id) => `hints.md has ${id}, which is no rule`);
  return [...missing, ...stray];
}

function quizProblems({ folder }: Exercise): string[] {
  const text = read(join(folder, 'quiz.json'));
  if (text === null) return ['there is no quiz.json'];
  const quiz = parseQuiz(text);
  if (!quiz.ok) return [`quiz.json: ${quiz.problem}`];
  return quiz.questions.length === 5
    ? []
    : [`quiz.json has ${quiz.questions.length} questions instead of five`];
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
