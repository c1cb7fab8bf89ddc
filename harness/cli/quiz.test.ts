import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { question } from '../quiz/question.ts';
import { shownOrder } from '../quiz/shuffle.ts';
import { quizCommand } from './quiz.ts';
import { promptsFor, readTyped } from './quiz-text.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';

const option = (text: string, correct: boolean) => ({ text, correct, why: `Because ${text} is so.` });
const QUESTIONS = [
  {
    id: 'one',
    question: 'Which one is it?',
    options: [option('no', false), option('yes', true), option('never', false)],
    source: 'RFC 1',
  },
  {
    id: 'two',
    kind: 'number',
    question: 'How many are there?',
    answer: 100,
    factor: 2,
    unit: 'pieces',
    why: 'By counting.',
    source: 'RFC 2',
  },
];

function workbook(): string {
  const root = smallWorkbook();
  writeFileSync(join(root, 'exercises', '01-first', 'quiz.json'), JSON.stringify({ questions: QUESTIONS }));
  mkdirSync(join(root, 'harness', 'quiz'), { recursive: true });
  cpSync(join(process.cwd(), 'harness', 'quiz', 'decks'), join(root, 'harness', 'quiz', 'decks'), {
    recursive: true,
  });
  return root;
}

/** Answers one line after the other, then with the end of the input. */
function typing(...lines: string[]) {
  return { ask: () => Promise.resolve(lines.shift() ?? null) };
}

/** The number under which the right option of the first question is shown. */
const RIGHT = String(shownOrder(question.parse(QUESTIONS[0]), 0).indexOf(1) + 1);

test('without an id it lists the decks, also as JSON', async () => {
  const root = workbook();
  const { code, out } = await run(quizCommand, root, []);
  expect(code).toBe(0);
  expect(out).toContain('01-first     0 due, 2 new, 0 learned');
  expect(out).toContain('Interview: 0 due, 60 new, 0 learned');
  const json = await run(quizCommand, root, ['--json']);
  expect(JSON.parse(json.out)).toMatchObject({
    schema: 1,
    decks: expect.arrayContaining([expect.objectContaining({ id: 'star' })]),
  });
});

test('it asks, says why for every option, and remembers', async () => {
  const root = workbook();
  const first = await run(quizCommand, root, ['exercises/01-first/'], typing(RIGHT, '9'));
  expect(first.code).toBe(0);
  for (const said of [
    'Which one is it?',
    '✓ right',
    'Because never is so.',
    'It comes again in 10 minutes.',
    '✗ not quite',
    'about 100 pieces',
    '1 of 2 right.',
  ]) {
    expect(first.out).toContain(said);
  }
  const second = await run(quizCommand, root, ['01-first'], typing());
  expect(second.out).toContain('Nothing is due.');
});

test('options are explained in the order and with the numbers in which they were shown', async () => {
  const { out } = await run(quizCommand, workbook(), ['01-first'], typing(RIGHT));
  const [asked = '', told = ''] = out.split('✓ right');
  const numbers = (text: string) => text.match(/\d\. (no|yes|never)$/gm);
  expect(numbers(asked)).toHaveLength(3);
  expect(numbers(told)).toEqual(numbers(asked));
});

test('an answer that is none is asked for again, and counts nothing', async () => {
  const { out, err } = await run(quizCommand, workbook(), ['01-first'], typing('7', 'x', 'q'));
  expect(err.match(/That is no answer/g)).toHaveLength(2);
  expect(out).not.toContain('not quite');
});

test('wrong use is said: no such deck or part, or nobody to ask', async () => {
  const root = workbook();
  expect(await run(quizCommand, root, ['nothing'], typing())).toMatchObject({ code: 2 });
  const part = await run(quizCommand, root, ['interview', 'x'], typing());
  expect(part.err).toContain('http, databases, security, distributed, operations, node');
  expect((await run(quizCommand, root, ['star'])).err).toContain('npm start');
});

describe('what is typed', () => {
  const order = question.parse({
    id: 'o',
    kind: 'order',
    question: 'In which order?',
    items: ['a', 'b', 'c'],
    why: 'One by one.',
    source: 'RFC 1',
  });
  const shown = shownOrder(order, 0);

  test('is read by the numbers that are shown', () => {
    expect(readTyped(order, 0, ['2, 1 3'])).toEqual([shown[1], shown[0], shown[2]].map(String));
  });

  test.each(['', '1 2', '1 1 2', '1 2 4', '0 1 2', '1 2 3 3', 'a b c'])(
    '%j is no order of three',
    (typed) => {
      expect(readTyped(order, 0, [typed])).toBeNull();
    },
  );

  test('an outline is asked for part by part', () => {
    const outline = question.parse({
      id: 'o',
      kind: 'outline',
      question: 'Tell about it.',
      why: 'To be believed.',
      source: 'STAR',
    });
    expect(promptsFor(outline)).toHaveLength(4);
  });
});
