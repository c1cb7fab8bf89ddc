import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from './format.ts';
import {
  insertAttempt,
  insertHint,
  markSkipped,
  markSolutionShown,
  markUnlocked,
  readStates,
} from './record.ts';
import { UNTRIED } from './state.ts';
import { samplePass } from './testing/sample.ts';

const ID = '01-http-server';

test('an exercise has no state before anything happened', () => {
  expect([...readStates(emptyDatabase())]).toEqual([]);
});

test('a failed attempt is counted, with its time, points and rules', () => {
  const db = emptyDatabase();
  expect(insertAttempt(db, samplePass(ID, { status: 'failed', at: 5_000, points: 3 }))).toBeNull();
  expect(readStates(db).get(ID)).toEqual({
    attempts: 1,
    lastAttemptAt: 5_000,
    passedAt: null,
    masteredAt: null,
    nowFailing: false,
    unlocked: false,
    skipped: false,
    bestPoints: 3,
    lastRules: [
      { id: 'R1', status: 'passed' },
      { id: 'R2', status: 'failed' },
    ],
    hints: new Map(),
    solutionShownAt: null,
  });
});

test('every attempt says what it reached for the first time', () => {
  const db = emptyDatabase();
  const reached = [
    samplePass(ID, { at: 1, status: 'failed' }),
    samplePass(ID, { at: 2 }),
    samplePass(ID, { at: 3 }),
    samplePass(ID, { at: 4, mastered: true }),
    samplePass(ID, { at: 5, mastered: true }),
  ].map((attempt) => insertAttempt(db, attempt));
  expect(reached).toEqual([null, 'passed', null, 'mastered', null]);
  expect(readStates(db).get(ID)).toMatchObject({ attempts: 5, passedAt: 2, masteredAt: 4 });
});

test('a first attempt that masters the exercise passes it too', () => {
  const db = emptyDatabase();
  expect(insertAttempt(db, samplePass(ID, { at: 7, mastered: true }))).toBe('mastered');
  expect(readStates(db).get(ID)).toMatchObject({ passedAt: 7, masteredAt: 7 });
});

test('a failed attempt masters nothing, whatever it claims', () => {
  const db = emptyDatabase();
  expect(insertAttempt(db, samplePass(ID, { status: 'failed', mastered: true }))).toBeNull();
  expect(readStates(db).get(ID)).toMatchObject({ passedAt: null, masteredAt: null });
});

test.each(['failed', 'error'] as const)(
  'an attempt that ends as %s takes no pass away, and shows',
  (status) => {
    const db = emptyDatabase();
    insertAttempt(db, samplePass(ID, { at: 1, points: 9 }));
    insertAttempt(db, samplePass(ID, { at: 2, status, points: 2, rules: [] }));
    expect(readStates(db).get(ID)).toMatchObject({
      passedAt: 1,
      nowFailing: true,
      bestPoints: 9,
      lastAttemptAt: 2,
      lastRules: [],
    });
    insertAttempt(db, samplePass(ID, { at: 3 }));
    expect(readStates(db).get(ID)).toMatchObject({ passedAt: 1, nowFailing: false });
  },
);

test('the newest attempt is the one recorded last, even when the clock went back', () => {
  const db = emptyDatabase();
  insertAttempt(db, samplePass(ID, { at: 2_000 }));
  insertAttempt(db, samplePass(ID, { at: 1_000, status: 'failed' }));
  expect(readStates(db).get(ID)).toMatchObject({ lastAttemptAt: 1_000, nowFailing: true });
});

test('the digests of the first pass and of the first mastery are kept', () => {
  const db = emptyDatabase();
  insertAttempt(db, samplePass(ID, { at: 1, suite: 'suite-1', files: 'files-1' }));
  insertAttempt(db, samplePass(ID, { at: 2, suite: 'suite-2', files: 'files-2', mastered: true }));
  insertAttempt(db, samplePass(ID, { at: 3, suite: 'suite-3', files: 'files-3', mastered: true }));
  expect(db.prepare('SELECT * FROM exercise').get()).toMatchObject({
    passed_suite: 'suite-1',
    passed_files: 'files-1',
    mastered_suite: 'suite-2',
    mastered_files: 'files-2',
  });
  expect(db.prepare('SELECT suite FROM attempt ORDER BY id').pluck().all()).toEqual([
    'suite-1',
    'suite-2',
    'suite-3',
  ]);
});

test('unlocking and skipping keep their first time and disturb nothing else', () => {
  const db = emptyDatabase();
  insertAttempt(db, samplePass(ID, { at: 1 }));
  markUnlocked(db, ID, 10);
  markUnlocked(db, ID, 20);
  markSkipped(db, '02-sql', 30);
  markSkipped(db, '02-sql', 40);
  expect(db.prepare('SELECT exercise, unlocked_at, skipped_at FROM exercise ORDER BY 1').raw().all()).toEqual(
    [
      [ID, 10, null],
      ['02-sql', null, 30],
    ],
  );
  expect(readStates(db).get(ID)).toMatchObject({ attempts: 1, passedAt: 1, unlocked: true, skipped: false });
  expect(readStates(db).get('02-sql')).toEqual({ ...UNTRIED, skipped: true });
});

test('hints go up level by level, for each rule by itself', () => {
  const db = emptyDatabase();
  const next = (reached: number) => Math.min(reached + 1, 2);
  const levels = ['R1', 'R1', 'R1', 'R2'].map((rule, at) => insertHint(db, { exercise: ID, rule }, at, next));
  expect(levels).toEqual([1, 2, 2, 1]);
  expect(readStates(db).get(ID)).toEqual({
    ...UNTRIED,
    hints: new Map([
      ['R1', 2],
      ['R2', 1],
    ]),
  });
  expect(db.prepare('SELECT rule, level, at FROM hint').raw().all()).toEqual([
    ['R1', 1, 0],
    ['R1', 2, 1],
    ['R2', 1, 3],
  ]);
});

test('looking at an earlier hint again takes nothing back, and a leap is one row', () => {
  const db = emptyDatabase();
  expect(insertHint(db, { exercise: ID, rule: 'R1' }, 1, () => 4)).toBe(4);
  expect(insertHint(db, { exercise: ID, rule: 'R1' }, 2, () => 2)).toBe(2);
  expect(db.prepare('SELECT level, at FROM hint').raw().all()).toEqual([[4, 1]]);
  expect(readStates(db).get(ID)?.hints.get('R1')).toBe(4);
});

test('the first look at the solution is kept, and disturbs nothing else', () => {
  const db = emptyDatabase();
  markSolutionShown(db, ID, 10);
  insertAttempt(db, samplePass(ID, { at: 20 }));
  markSolutionShown(db, ID, 30);
  expect(readStates(db).get(ID)).toMatchObject({ solutionShownAt: 10, passedAt: 20, attempts: 1 });
});

test('a list of rules that someone edited is shown as empty', () => {
  const db = emptyDatabase();
  insertAttempt(db, samplePass(ID));
  db.prepare(`UPDATE exercise SET rules = '{"R1": "brilliant"}'`).run();
  expect(readStates(db).get(ID)).toMatchObject({ attempts: 1, passedAt: 1_000, lastRules: [] });
});

function emptyDatabase(): BetterSqlite3.Database {
  const db = new BetterSqlite3(':memory:');
  migrate(db);
  return db;
}
