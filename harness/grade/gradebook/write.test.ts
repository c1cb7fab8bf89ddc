import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseVerdict } from '../../verdict/verdict.ts';
import type { Detail } from '../detail.ts';
import { madeClass, writeClass } from './testing/made-class.ts';
import { twoExercises } from './testing/made-exercises.ts';
import { writeReports } from './write.ts';
import type { Written } from './write.ts';

const root = process.cwd();
const build = join(root, '.workbook', 'build');

function classOf({ students = 6, detail = 'full' as Detail } = {}): string {
  const out = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-class-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  writeClass(out, madeClass({ students, exercises: twoExercises(), hostile: true, detail, seed: 4 }));
  return out;
}

/** A student whose program put hostile signs into the failure of a rule of 01-first. */
function failing(out: string): string {
  const names = readdirSync(join(out, 'verdicts')).toSorted();
  const found = names.find((name) => {
    const file = join(out, 'verdicts', name, '01-first.json');
    return (
      existsSync(file) && /"got":"[^"]*stop-commands/.test(readFileSync(file, 'utf8').replaceAll('\\"', ''))
    );
  });
  if (found === undefined) throw new Error('nobody fails');
  return found;
}

const write = (out: string): Promise<Written> => writeReports(out, twoExercises(), { root, build });

test('writes the table, the report and a folder for each student, and the same again', async () => {
  const out = classOf();
  expect(await write(out)).toMatchObject({ ok: true, students: 6, problems: [] });
  expect(readFileSync(join(out, 'grades.csv'), 'utf8')).toContain('student-006');
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  expect(report).toContain('student-006');
  const before = statSync(join(out, 'students', 'student-001', 'summary.md')).mtimeMs;
  expect(await write(out)).toMatchObject({ ok: true });
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe(report);
  expect(statSync(join(out, 'students', 'student-001', 'summary.md')).mtimeMs).toBe(before);
});

test.each<[Detail, boolean]>([
  ['full', true],
  ['rules', false],
  ['score', false],
])('what a student gets holds no more than detail %s allows', async (detail, tells) => {
  const out = classOf({ students: 24, detail });
  await write(out);
  const student = failing(out);
  const folder = join(out, 'students', student);
  const summary = readFileSync(join(folder, 'summary.md'), 'utf8');
  const file = join(folder, 'verdicts', '01-first.json');
  const verdict = parseVerdict(JSON.parse(readFileSync(file, 'utf8')));
  if (!verdict.ok) throw new Error(verdict.problem);
  expect(verdict.verdict.rules.some(({ message }) => message !== null)).toBe(tells);
  expect(verdict.verdict.rules.length).toBe(detail === 'score' ? 0 : 6);
  expect(summary.includes('stop&#45;commands')).toBe(tells);
  expect(summary.includes('R1 ')).toBe(detail !== 'score');
  const others = new Set(summary.match(/student&#45;\d+/g));
  expect([...others]).toEqual([student.replace('-', '&#45;')]);
});

test('a verdict that is damaged or gone is named, and the rest is written', async () => {
  const out = classOf();
  writeFileSync(join(out, 'verdicts', 'student-001', '01-first.json'), '{');
  rmSync(join(out, 'verdicts', 'student-002', '01-first.json'));
  const written = await write(out);
  if (!written.ok) throw new Error(written.message);
  expect(written.problems).toEqual([
    'verdicts/student-001/01-first.json was left out. It is no verdict of this workbook.',
    'verdicts/student-002/01-first.json was left out. It does not exist.',
  ]);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('What this report does not know');
});

test.each([
  ['no JSON', '{', /It is no JSON/],
  ['the mark of one submission', '{"schema":1,"submission":{}}', /not the grades of a class/],
])('a folder with %s is refused with the way out', async (_what, text, message) => {
  const out = classOf();
  writeFileSync(join(out, 'grades.json'), text);
  expect(await write(out)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  expect(existsSync(join(out, 'report.html'))).toBe(false);
});

test('names that lead elsewhere are refused, and links are not followed', async () => {
  const out = classOf();
  const file = join(out, 'grades.json');
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, good.replace('"student":"student-001"', '"student":"../../elsewhere"'));
  expect(await write(out)).toMatchObject({ ok: false, message: expect.stringContaining('elsewhere') });
  writeFileSync(file, good);
  const other = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-other-'));
  onTestFinished(() => rmSync(other, { recursive: true, force: true }));
  symlinkSync(other, join(out, 'students'), 'junction');
  await expect(write(out)).rejects.toThrow(/is a link/);
  expect(existsSync(join(other, 'student-001', 'summary.md'))).toBe(false);
});
