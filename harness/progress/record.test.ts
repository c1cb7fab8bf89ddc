import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from './format.ts';
import { insertAttempt, markSkipped, markUnlocked, readStates } from './record.ts';
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
