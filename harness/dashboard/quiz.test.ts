import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testSite } from './testing/site.ts';
import type { TestSite } from './testing/site.ts';

const SCRIPT = '<script>alert(1)</script>';

const option = (text: string, correct: boolean) => ({ text, correct, why: `Because ${text} is so.` });
const QUESTIONS = [
  {
    id: 'first-one',
    question: `Which of these holds ${SCRIPT}?`,
    options: [option('left', false), option('right', true), option(SCRIPT, false)],
    source: 'RFC 1',
  },
  {
    id: 'in-order',
    kind: 'order',
    question: 'In which order?',
    items: ['a', 'b', 'c'],
    why: 'One by one.',
    source: 'RFC 2',
  },
];

/** A site whose first exercise has two questions, with the general decks of this workbook. */
async function quizSite(): Promise<TestSite> {
  const site = await testSite();
  writeFileSync(
    join(site.root, 'exercises', '01-first', 'quiz.json'),
    JSON.stringify({ questions: QUESTIONS }),
  );
  mkdirSync(join(site.root, 'harness', 'quiz'), { recursive: true });
  cpSync(join(process.cwd(), 'harness', 'quiz', 'decks'), join(site.root, 'harness', 'quiz', 'decks'), {
    recursive: true,
  });
  return site;
}

test('all decks are offered, with what is new', async () => {
  const { ask } = await quizSite();
  const { body } = await ask('GET', '/quiz');
  expect(body).toContain('href="/quiz/interview"');
  expect(body).toContain('60 new');
  expect(body).toMatch(/01-first<\/a>[^]*2 new/);
});

test('a deck that cannot be read is named on the list, and hides no other', async () => {
  const { ask } = await testSite();
  const { body } = await ask('GET', '/quiz');
  expect(body).toContain('Broken: exercises/01-first/quiz.json');
  expect((await ask('GET', '/quiz/01-first')).status).toBe(500);
});

test('an answer is graded, every option says why, and the next question follows; the answer is not in the address', async () => {
  const { ask, change } = await quizSite();
  expect((await ask('GET', '/quiz/01-first')).body).not.toContain(SCRIPT);
  const answered = await change('/quiz/01-first/first-one', { a: '2' });
  expect(answered.status).toBe(303);
  const { body } = await ask('GET', String(answered.headers['location']));
  expect(body).toContain('Not quite');
  expect(body).toContain('Because right is so.');
  expect(body).toContain('✗ wrong · your answer');
  expect(body).toContain('It comes again in a minute.');
  expect(body).not.toContain(SCRIPT);
  expect((await ask('GET', '/quiz/01-first')).body).toContain('In which order?');
  expect((await ask('GET', '/quiz/01-first')).body).toContain('1 new · 1 learned');
});

test('a reload of what came of an answer counts nothing again', async () => {
  const { ask, change } = await quizSite();
  const answered = await change('/quiz/01-first/in-order', { p0: '0', p1: '1', p2: '2' });
  const page = String(answered.headers['location']);
  const bodies = [await ask('GET', page), await ask('GET', page)].map(({ body }) => body);
  expect(bodies[0]).toContain('<h2 id="graded">Right</h2>');
  expect(bodies[1]).toBe(bodies[0]);
});

test('a place that was taken twice counts nothing', async () => {
  const { ask, change } = await quizSite();
  const answered = await change('/quiz/01-first/in-order', { p0: '0', p1: '0', p2: '2' });
  const again = await ask('GET', String(answered.headers['location']));
  expect(again.body).toContain('Nothing was counted');
  expect(again.body).toContain('2 new');
});

test('an outline of a story is looked through, and what it says is shown to nobody as HTML', async () => {
  const { ask, change } = await quizSite();
  const body = { a: SCRIPT };
  const answered = await change('/quiz/star/star-own', body);
  const page = await ask('GET', String(answered.headers['location']));
  expect(page.body).toContain('Something is missing');
  expect(page.body).not.toContain(SCRIPT);
});

test('a part of a deck stays the part from question to question', async () => {
  const { ask, change } = await quizSite();
  expect((await ask('GET', '/quiz/interview?section=security')).body).toContain('10 new');
  const answered = await change('/quiz/interview/authn-authz', { a: '0', section: 'security' });
  const graded = await ask('GET', String(answered.headers['location']));
  expect(graded.body).toContain('href="/quiz/interview?section=security"');
  expect((await ask('GET', '/quiz/interview?section=%22%3E%3Cscript%3E')).body).not.toContain('"><script>');
});

test.each([
  '/quiz/nothing',
  '/quiz/01-first/nothing',
  '/quiz/..%2f..%2fetc',
  '/quiz/__proto__',
  '/quiz/constructor',
])('there is no quiz at %s', async (path) => {
  const { ask } = await quizSite();
  expect((await ask('GET', path)).status).toBe(404);
});
