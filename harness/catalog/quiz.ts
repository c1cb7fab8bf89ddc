import { z } from 'zod';
import { question } from '../quiz/question.ts';
import type { Question } from '../quiz/question.ts';

const quiz = z.strictObject({ questions: z.array(question) });

/** Reads a quiz.json; see harness/quiz/question.ts for what a question must have. */
export function parseQuiz(
  text: string,
): { ok: true; questions: Question[] } | { ok: false; problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'not JSON' };
  }
  const parsed = quiz.safeParse(raw);
  return parsed.success
    ? { ok: true, questions: parsed.data.questions }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}
