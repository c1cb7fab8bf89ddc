import { z } from 'zod';

/*
 * A question as it stands in a quiz.json or in a deck. Nothing needs a person to grade it. Every option says why it is
 * right or wrong, and every question names its source.
 */

const id = z.string().regex(/^[a-z0-9-]+$/);
const text = z.string().min(1);
const why = z.string().min(10);
const common = { id, question: z.string().min(10), source: z.string().min(3) };
const options = z
  .array(z.strictObject({ text, correct: z.boolean(), why }))
  .min(3)
  .max(6);

/** One option is right. */
const choice = z
  .strictObject({ kind: z.literal('choice').default('choice'), ...common, options })
  .refine(
    ({ options: all }) => all.filter(({ correct }) => correct).length === 1,
    'exactly one option must be correct',
  );

/** All right options have to be found, and no other. */
const several = z
  .strictObject({ kind: z.literal('several'), ...common, options })
  .refine(
    ({ options: all }) => all.some(({ correct }) => correct) && all.some(({ correct }) => !correct),
    'some options must be correct, and some not',
  );

/** `items` stand in the right order. */
const order = z.strictObject({
  kind: z.literal('order'),
  ...common,
  items: z.array(text).min(3).max(8),
  why,
});

/** Each left side belongs to one right side; a right side may serve several. */
const match = z.strictObject({
  kind: z.literal('match'),
  ...common,
  pairs: z
    .array(z.strictObject({ left: text, right: text, why }))
    .min(3)
    .max(8),
});

/** Right from `answer ÷ factor` to `answer × factor`. */
const number = z.strictObject({
  kind: z.literal('number'),
  ...common,
  answer: z.number().positive(),
  factor: z.number().min(1),
  unit: text,
  why,
});

/** Situation, task, action, result: looked through for what is missing. */
const outline = z.strictObject({ kind: z.literal('outline'), ...common, why });

export const question = z.union([choice, several, order, match, number, outline]);

export type Question = z.infer<typeof question>;

/** The parts of an outline, with what belongs into each. */
export const OUTLINE: readonly { name: string; about: string }[] = [
  { name: 'Situation', about: 'Where and when, in two sentences' },
  { name: 'Task', about: 'What was yours to do' },
  { name: 'Action', about: 'What you did, step by step; “I”, not “we”' },
  { name: 'Result', about: 'What came of it, with a number' },
];
