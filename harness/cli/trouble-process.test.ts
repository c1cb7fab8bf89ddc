import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseVerdict } from '../verdict/verdict.ts';
import { BuiltWorkbook, ended } from './testing/built-workbook.ts';
import { recordAttempt, withProgressOf } from './testing/learner.ts';
import { FIRST, SECOND, writeProgram } from './testing/made-exercises.ts';

/** What disks, permissions and editors do to a learner: each ends in clear words, and nothing is lost. */
let workbook: BuiltWorkbook;

beforeAll(async () => {
  workbook = await BuiltWorkbook.built();
}, 60_000);
beforeEach(() => workbook.restore());
afterAll(() => workbook.remove());

const SLOW = 60_000;

const inFirst = (...path: string[]) => join(workbook.root, 'exercises', FIRST, ...path);

describe('the learner’s files', () => {
  test(
    'a missing src folder is said, with the file that was looked for',
    async () => {
      rmSync(inFirst('src'), { recursive: true });
      const { code, out, err } = await workbook.run(['check']);
      expect({ code, err }).toEqual({ code: 1, err: '' });
      expect(out).toContain('Your files could not be read, so no rule was tried.');
      expect(out).toContain('There is no file src/double.ts.');
    },
    SLOW,
  );

  test(
    'a file that is not UTF-8 is named, and what to do with it',
    async () => {
      writeFileSync(inFirst('src', 'double.ts'), Buffer.from([0xff, 0xfe, 0x61]));
      const { code, out } = await workbook.run(['check']);
      expect(code).toBe(1);
      expect(out).toContain('"src/double.ts" holds bytes that are no UTF-8 text. Save it as');
    },
    SLOW,
  );

  test(
    'what is passed over is talk: the verdict on stdout stays one document',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      symlinkSync(inFirst('README.md'), inFirst('src', 'link.ts'), 'file');
      const { code, out, err } = await workbook.run(['check', '--json']);
      expect(code).toBe(0);
      expect(err).toContain('Passed over src/link.ts: It is a link');
      expect(parseVerdict(JSON.parse(out))).toMatchObject({ ok: true, verdict: { status: 'passed' } });
    },
    SLOW,
  );
});

describe('permissions', () => {
  /** Root may do everything, so it steps down; everybody else is bound already. */
  const user = process.getuid?.() === 0 ? { user: 65_534 } : {};

  test(
    'a .workbook folder that cannot be written: the check goes on, and nothing is locked',
    async ({ skip }) => {
      if (process.platform === 'win32') skip('Windows has no mode bits for folders');
      writeProgram(workbook.root, SECOND, 'right');
      const kept = join(workbook.root, '.workbook');
      chmodSync(kept, 0o555);
      try {
        const { code, out, err } = await workbook.run(['check', SECOND], user);
        expect(code).toBe(0);
        expect(err).toContain('Give your user write permission');
        expect(err).toContain('The check goes on: nothing is locked, and nothing is recorded.');
        expect(out).toContain('This pass was not written to your progress.');
        const unlock = await workbook.run(['unlock', SECOND], user);
        expect({ code: unlock.code, out: unlock.out }).toEqual({ code: 4, out: '' });
        expect(unlock.err).toContain('Nothing was unlocked.');
      } finally {
        chmodSync(kept, 0o755);
      }
    },
    SLOW,
  );

  test(
    'a file that may not be read is named',
    async ({ skip }) => {
      if (process.platform === 'win32') skip('Windows has no mode bits for reading');
      chmodSync(inFirst('src', 'double.ts'), 0o000);
      const { code, out } = await workbook.run(['check', FIRST], user);
      expect(code).toBe(1);
      expect(out).toContain('Reading "src/double.ts" failed. You have no permission to read it.');
    },
    SLOW,
  );
});

describe('progress that cannot be used', () => {
  test(
    'a folder in the place of the file: the check goes on, and the folder stays',
    async () => {
      writeProgram(workbook.root, FIRST, 'right');
      const inTheWay = join(workbook.root, '.workbook', 'progress.sqlite');
      mkdirSync(inTheWay);
      writeFileSync(join(inTheWay, 'note.txt'), 'keep me');
      const { code, err } = await workbook.run(['check', FIRST]);
      expect(code).toBe(0);
      expect(err).toContain('The check goes on: nothing is locked, and nothing is recorded.');
      expect(readFileSync(join(inTheWay, 'note.txt'), 'utf8')).toBe('keep me');
    },
    SLOW,
  );

  test(
    'a full disk: the result is shown and said not to be kept; what was kept before is there',
    async ({ skip }) => {
      if (spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', workbook.temp]).status !== 0) {
        skip('a small disk needs unshare and tmpfs, which this machine does not give');
      }
      recordAttempt(workbook.root, FIRST);
      writeProgram(workbook.root, SECOND, 'right');
      const { code, out, err } = await ended(
        workbook.spawn([
          'unshare',
          '-rm',
          'sh',
          '-c',
          FULL_DISK,
          'sh',
          ...workbook.commandLine(['check', SECOND]),
        ]),
      );
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('The disk is full.') as string });
      expect(err).toContain('The result of 02-second could not be saved');
      expect(out).toContain('This pass was not written to your progress.');
      const kept = withProgressOf(workbook.root, (progress) => [...progress.states().keys()]);
      expect(kept).toEqual([FIRST]);
    },
    SLOW,
  );
});

/** Runs its arguments while .workbook lies on a disk of sixteen megabytes without a free byte. */
const FULL_DISK = `
set -e
cp -r .workbook "$TMPDIR/kept"
mount -t tmpfs -o size=16m tmpfs .workbook
cp -r "$TMPDIR/kept/." .workbook/
rm -r "$TMPDIR/kept"
dd if=/dev/zero of=.workbook/fill bs=4k 2> /dev/null || true
exec "$@"
`;
