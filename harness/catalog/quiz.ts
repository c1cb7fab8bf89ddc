import { z } from 'zod';

const question = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    question: z.string().min(10),
    options: z
      .array(z.strictObject({ text: z.string().min(1), correct: z.boolean(), why: z.string().min(10) }))
      .min(3)
      .max(5),
    source: z.string().min(3),
  })
  .refine(
    ({ options }) => options.filter(({ correct }) => correct).length === 1,
    'exactly one option must be correct',
  );

const quiz = z.strictObject({ questions: z.array(question) });

export type Question = z.infer<typeof question>;

/** Reads a quiz.json. Every option says why it is right or wrong; exactly one is right. */
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
