import path from 'node:path';
import { expect, test } from 'vitest';
import { openProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { temporaryFolder } from './testing/folder.ts';
import { samplePass } from './testing/sample.ts';

/** A progress file of its own; `at` is its clock. */
function open(at = 1_000): Progress {
  const opened = openProgress(path.join(temporaryFolder(), 'progress.sqlite'), { now: () => at });
  if (!opened.ok) throw new Error(opened.message);
  return opened.progress;
}

const failing = { status: 'failed' as const, points: 0 };
const CARD = {
  due: 5,
  stability: 1,
  difficulty: 1,
  scheduledDays: 0,
  learningSteps: 0,
  reps: 1,
  lapses: 0,
  state: 1,
};

test('what was exported is the same after an import into an empty file', () => {
  const [from, to] = [open(), open()];
  from.recordAttempt(samplePass('01-a', { at: 5, mastered: true }));
  from.recordAttempt(samplePass('01-a', { at: 9, ...failing }));
  from.unlock('03-c');
  from.skip('02-b');
  from.showHint('01-a', 'R1', () => 2);
  from.showSolution('01-a');
  from.answerQuiz({ deck: 'star', question: 'q', correct: true }, (_, lastAt) => ({ ...CARD, lastAt }));
  const document: unknown = JSON.parse(JSON.stringify(from.exportAll()));
  expect(to.importAll(document)).toEqual({ ok: true, attempts: 2 });
  expect(to.states()).toEqual(from.states());
  expect(to.quizCards()).toEqual(from.quizCards());
  expect(to.exportAll()).toEqual(from.exportAll());
  expect(to.importAll(document)).toEqual({ ok: true, attempts: 0 });
  expect(to.exportAll()).toEqual(from.exportAll());
  for (const progress of [from, to]) progress.close();
});

test('two machines together: the earlier pass counts, the later attempt is the newest, nothing is lost', () => {
  const [here, there] = [open(50), open(20)];
  here.recordAttempt(samplePass('01-a', { at: 40 }));
  here.recordAttempt(samplePass('02-b', { at: 60, ...failing }));
  there.recordAttempt(samplePass('01-a', { at: 10 }));
  there.recordAttempt(samplePass('01-a', { at: 30, ...failing, rules: [] }));
  there.unlock('05-e');
  here.answerQuiz({ deck: 'star', question: 'q', correct: true }, (_, lastAt) => ({
    ...CARD,
    due: 7,
    lastAt,
  }));
  there.answerQuiz({ deck: 'star', question: 'q', correct: true }, (_, lastAt) => ({
    ...CARD,
    due: 8,
    lastAt,
  }));
  expect(here.importAll(there.exportAll())).toEqual({ ok: true, attempts: 2 });
  expect(here.state('01-a')).toMatchObject({
    attempts: 3,
    passedAt: 10,
    nowFailing: false,
    lastAttemptAt: 40,
  });
  expect(here.state('01-a').lastRules).toHaveLength(2);
  expect(here.state('02-b')).toMatchObject({ attempts: 1, passedAt: null });
  expect(here.state('05-e').unlocked).toBe(true);
  expect(here.quizCards().get('star')?.get('q')?.due).toBe(7);
  for (const progress of [here, there]) progress.close();
});

test.each([
  null,
  'text',
  [],
  {},
  { kind: 'backend-workbook-progress', schema: 2 },
  { kind: 'backend-workbook-progress', schema: 1, attempts: [{ exercise: '' }], exercises: [] },
])('what is no export is refused, and nothing changes: %j', (document) => {
  const progress = open();
  progress.recordAttempt(samplePass('01-a'));
  const before = progress.exportAll();
  expect(progress.importAll(document)).toMatchObject({
    ok: false,
    message: expect.stringContaining('Nothing was changed'),
  });
  expect(progress.exportAll()).toEqual(before);
  progress.close();
});

test('the history comes page by page, newest first, with the days', () => {
  const progress = open();
  for (let at = 1; at <= 5; at++) progress.recordAttempt(samplePass('01-a', { at: at * 86_400_000 }));
  const first = progress.history({ before: null, limit: 2, since: 0 });
  expect(first?.attempts.map(({ id }) => id)).toEqual([5, 4]);
  expect(first).toMatchObject({ older: true, total: 5 });
  expect(first?.days).toHaveLength(5);
  const last = progress.history({ before: 2, limit: 2, since: 4.5 * 86_400_000 });
  expect(last?.attempts.map(({ id }) => id)).toEqual([1]);
  expect(last?.older).toBe(false);
  expect(last?.days).toHaveLength(1);
  progress.close();
});
