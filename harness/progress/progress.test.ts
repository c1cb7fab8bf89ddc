import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openProgress, UNTRIED } from './progress.ts';
import type { Progress, ProgressOptions } from './progress.ts';
import { temporaryFolder } from './testing/folder.ts';
import { samplePass } from './testing/sample.ts';
import { compiled, LOAD_FROM, recordedIds } from './testing/writer.ts';

const ID = '01-http-server';
const onWindows = process.platform === 'win32';

test('what was recorded is there after the file was closed and opened again', () => {
  const file = newFile();
  const first = open(file, { now: () => 77 });
  expect(first.state(ID)).toEqual(UNTRIED);
  expect(first.recordAttempt(samplePass(ID, { at: 5_000 }))).toEqual({ ok: true, first: 'passed' });
  expect(first.unlock('03-rest')).toEqual({ ok: true });
  expect(first.skip('02-sql')).toEqual({ ok: true });
  const states = [...first.states()];
  first.close();

  const second = open(file);
  expect(second.notes).toEqual([]);
  expect([...second.states()]).toEqual(states);
  expect(second.state(ID)).toMatchObject({ attempts: 1, passedAt: 5_000, lastAttemptAt: 5_000 });
  expect(second.state('02-sql')).toEqual({ ...UNTRIED, skipped: true });
  expect(second.state('03-rest')).toEqual({ ...UNTRIED, unlocked: true });
  second.close();

  const db = new BetterSqlite3(file);
  expect(db.prepare('SELECT unlocked_at, skipped_at FROM exercise ORDER BY exercise').raw().all()).toEqual([
    [null, null],
    [null, 77],
    [77, null],
  ]);
  db.close();
});

test('hints go one further for each who asks, and a look at the solution is kept', () => {
  const file = newFile();
  const next = (reached: number) => reached + 1;
  const [one, two] = [open(file), open(file, { now: () => 77 })];
  expect(one.showHint(ID, 'R1', next)).toEqual({ ok: true, level: 1 });
  expect(two.showHint(ID, 'R1', next)).toEqual({ ok: true, level: 2 });
  expect(two.showSolution(ID)).toEqual({ ok: true });
  expect(one.state(ID)).toEqual({ ...UNTRIED, hints: new Map([['R1', 2]]), solutionShownAt: 77 });
  one.close();
  two.close();
});

test('two that have the file open see what the other recorded', () => {
  const file = newFile();
  const [one, two] = [open(file), open(file)];
  expect(one.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: 'passed' });
  expect(two.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: null });
  expect(one.state(ID).attempts).toBe(2);
  one.close();
  two.close();
});

test('names and digests are data, whatever they contain', () => {
  const progress = open(newFile());
  const odd = `01-'"; DROP TABLE attempt; --\u0000ü`;
  progress.recordAttempt(samplePass(odd, { suite: `'`, files: '"' }));
  expect([...progress.states().keys()]).toEqual([odd]);
  progress.close();
});

test('using it after closing is a bug and throws; closing twice is none', () => {
  const progress = open(newFile());
  progress.close();
  progress.close();
  expect(() => progress.states()).toThrow('after close()');
});

describe('while it is open', () => {
  test('a file that is damaged is set aside, the attempt arrives in the new one, and a note says so', () => {
    const file = newFile();
    const progress = open(file);
    for (let number = 0; number < 100; number++) progress.recordAttempt(samplePass(`exercise-${number}`));
    overwriteAllButTheHeader(file);
    expect(progress.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: 'passed' });
    expect(progress.state(ID).attempts).toBe(1);
    expect(progress.notes).toHaveLength(1);
    expect(progress.notes[0]).toContain('npm run check -- --all');
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
    progress.close();
  });

  test('a file that is damaged is noticed on reading too', () => {
    const file = newFile();
    const progress = open(file);
    progress.recordAttempt(samplePass(ID));
    overwriteAllButTheHeader(file);
    expect(progress.state(ID)).toEqual(UNTRIED);
    expect(progress.notes).toHaveLength(1);
    progress.close();
  });

  test.skipIf(onWindows)(
    'a file that another process set aside is left, and the attempt arrives in the new one',
    () => {
      const file = newFile();
      const progress = open(file);
      progress.recordAttempt(samplePass('00-before'));
      renameSync(file, `${file}.aside`);
      const other = open(file);
      expect(other.recordAttempt(samplePass('other'))).toMatchObject({ ok: true });
      expect([...progress.states().keys()]).toEqual(['other']);
      renameSync(file, `${file}.aside-too`);
      expect(other.recordAttempt(samplePass('other'))).toMatchObject({ ok: true });
      expect(progress.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: 'passed' });
      expect([...progress.states().keys()]).toEqual([ID, 'other']);
      other.close();
      progress.close();
    },
  );

  test.skipIf(onWindows)('a folder that is deleted is created again', () => {
    const file = newFile();
    const progress = open(file);
    rmSync(path.dirname(file), { recursive: true });
    expect(progress.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: 'passed' });
    progress.close();
    const again = open(file);
    expect(again.state(ID).passedAt).toBe(1_000);
    again.close();
  });

  test('a file that stays locked refuses the attempt with a reason, and takes the next', () => {
    const file = newFile();
    const progress = open(file, { busyTimeoutMs: 1 });
    progress.recordAttempt(samplePass('00-before'));
    const other = new BetterSqlite3(file);
    other.exec('BEGIN EXCLUSIVE');
    const refused = progress.recordAttempt(samplePass(ID));
    expect(refused.ok).toBe(false);
    expect(!refused.ok && refused.message).toContain(`The result of ${ID} could not be saved in ${file}`);
    expect(!refused.ok && refused.message).toContain('Another process keeps the file locked');
    other.close();
    expect(progress.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: 'passed' });
    expect([...progress.states().keys()]).toEqual(['00-before', ID]);
    progress.close();
  });

  test('a file that cannot be read answers what was read last, with one note', () => {
    const file = newFile();
    const progress = open(file, { busyTimeoutMs: 1 });
    progress.recordAttempt(samplePass(ID));
    const before = progress.states();
    const other = new BetterSqlite3(file);
    other.exec('BEGIN EXCLUSIVE');
    expect(progress.states()).toEqual(before);
    expect(progress.state(ID).passedAt).toBe(1_000);
    expect(progress.notes).toHaveLength(1);
    expect(progress.notes[0]).toContain('could not be read');
    other.close();
    progress.close();
  });
});

describe.skipIf(onWindows || !canBecomeOrdinary())('without permission to write', () => {
  test('a new file in a read-only folder is unwritable, and the message names file and remedy', () => {
    const file = newFile();
    mkdirSync(path.dirname(file));
    const opened = asOrdinaryUser(path.dirname(file), 0o555, () => openProgress(file));
    expect(opened).toMatchObject({ ok: false, reason: 'unwritable' });
    expect(!opened.ok && opened.message).toContain(file);
    expect(!opened.ok && opened.message).toContain('write permission');
  });

  test.each([
    ['a read-only folder', 0o555, 0o666],
    ['a read-only file', 0o777, 0o444],
  ])(
    'an existing file is still read in %s, refuses attempts with a reason, and loses nothing',
    (_, folderMode, fileMode) => {
      const file = newFile();
      const before = open(file);
      before.recordAttempt(samplePass(ID));
      before.close();
      const bytes = readFileSync(file);
      chmodSync(file, fileMode);
      const { opened, state, refused } = asOrdinaryUser(path.dirname(file), folderMode, () => {
        const progress = open(file);
        const result = {
          opened: progress.notes,
          state: progress.state(ID),
          refused: progress.recordAttempt(samplePass('02-sql')),
        };
        progress.close();
        return result;
      });
      expect(opened).toEqual([]);
      expect(state.passedAt).toBe(1_000);
      expect(refused.ok).toBe(false);
      expect(!refused.ok && refused.message).toContain('cannot be written');
      expect(!refused.ok && refused.message).toContain('what was saved before is kept');
      expect(readFileSync(file).equals(bytes)).toBe(true);
    },
  );

  test('a damaged file that cannot be renamed is named as such and stays', () => {
    const file = newFile();
    open(file).close();
    overwriteAllButTheHeader(file);
    const opened = asOrdinaryUser(path.dirname(file), 0o555, () => openProgress(file));
    expect(opened).toMatchObject({ ok: false, reason: 'unwritable' });
    expect(!opened.ok && opened.message).toContain('It is damaged');
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});

test.skipIf(onWindows)(
  'where the disk takes no more, the attempt is refused with a reason and the others are kept',
  async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'progress.sqlite');
    const script = await compiled('progress-writer', folder);
    // A limit on the size of files, in blocks of 512 or 1024 bytes, stands in for a disk that is full.
    const limited = ['-c', 'ulimit -f 100 && exec "$@"', 'sh', process.execPath];
    const writer = spawnSync('sh', [...limited, ...script, file, 'exercise', '5000', LOAD_FROM], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    const lines = writer.stdout.split('\n');
    expect(writer.status).toBe(3);
    expect(lines.at(-2)).toMatch(/^refused The result of exercise-\d+ could not be saved/);
    expect(lines.at(-2)).toContain('free space');
    const recorded = recordedIds(lines);
    expect(recorded.length).toBeGreaterThan(10);

    const after = open(file);
    expect(after.notes).toEqual([]);
    expect([...after.states().keys()].sort()).toEqual(recorded.sort());
    expect(after.recordAttempt(samplePass(ID))).toEqual({ ok: true, first: 'passed' });
    after.close();
  },
);

function newFile(): string {
  return path.join(temporaryFolder(), '.workbook', 'progress.sqlite');
}

function open(file: string, options: ProgressOptions = {}): Progress {
  const opened = openProgress(file, options);
  if (!opened.ok) throw new Error(opened.message);
  return opened.progress;
}

/**
 * Leaves the first 100 bytes, so that it is still a database by name. The change counter among them goes up, or those
 * who have the file open would trust what they remember of it.
 */
function overwriteAllButTheHeader(file: string): void {
  const bytes = readFileSync(file);
  bytes.writeUInt32BE(bytes.readUInt32BE(24) + 1, 24);
  bytes.fill(0xa7, 100);
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes);
  closeSync(descriptor);
}

/**
 * Runs `work` while `folder` has the permissions `mode`. Permissions do not bind root: as root, this steps down to
 * another user for the length of `work`.
 */
function asOrdinaryUser<T>(folder: string, mode: number, work: () => T): T {
  const isRoot = process.geteuid?.() === 0;
  // The folder above was made for its owner alone, who is root.
  chmodSync(path.dirname(folder), 0o755);
  chmodSync(folder, mode);
  if (isRoot) process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o755);
  }
}

/** Worker threads cannot change their user. */
function canBecomeOrdinary(): boolean {
  return isMainThread || process.geteuid?.() !== 0;
}
