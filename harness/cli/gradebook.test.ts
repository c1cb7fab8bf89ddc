import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { madeClass, writeClass } from '../grade/gradebook/testing/made-class.ts';
import { twoExercises } from '../grade/gradebook/testing/made-exercises.ts';
import { alikeText, gradebookCommand } from './gradebook.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import type { Ran } from './testing/fake-context.ts';

function workbookWithClass(): string {
  const root = smallWorkbook();
  mkdirSync(join(root, 'marks'));
  writeClass(join(root, 'marks'), madeClass({ students: 5, exercises: twoExercises() }));
  // The page's script and style come from the built harness.
  const page = join(root, '.workbook', 'build', 'page');
  mkdirSync(page, { recursive: true });
  for (const name of ['report.js', 'report.css']) writeFileSync(join(page, name), 'x{}');
  return root;
}

const gradebook = (root: string, ...argv: string[]): Promise<Ran> => run(gradebookCommand, root, argv);

test('writes everything again, and says where', async () => {
  const root = workbookWithClass();
  const { code, out, err } = await gradebook(root, 'marks');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe(
    '5 students, 0 similar pairs to look at\nwritten to marks: grades.csv, report.html, students/\n',
  );
  expect(readdirSync(join(root, 'marks')).toSorted()).toEqual(
    ['grades.csv', 'grades.json', 'report.html', 'students', 'submissions', 'verdicts'].toSorted(),
  );
  expect(JSON.parse((await gradebook(root, 'marks', '--json')).out)).toMatchObject({
    students: 5,
    problems: [],
  });
});

test('pairs and groups are counted each by itself', () => {
  expect(alikeText(1, 0)).toBe('1 similar pair');
  expect(alikeText(0, 2)).toBe('0 similar pairs and 2 groups with one program');
  expect(alikeText(3, 1)).toBe('3 similar pairs and 1 group with one program');
});

test('exports to a file, or to a folder with something for each student', async () => {
  const root = workbookWithClass();
  writeFileSync(join(root, 'roster.csv'), '\ufeffstudent,number\nstudent-001,00417\n');
  const ran = await gradebook(
    root,
    'marks',
    '--export',
    'canvas',
    '--to',
    'out/c.csv',
    '--roster',
    'roster.csv',
    '--map',
    'SIS User ID=number',
  );
  expect(ran).toMatchObject({ code: 0, out: '5 students for canvas\nwritten to out/c.csv\n' });
  expect(readFileSync(join(root, 'out', 'c.csv'), 'utf8')).toContain('"00417","student-001"');
  expect(await gradebook(root, 'marks', '--export', 'exercism', '--to', 'ex')).toMatchObject({ code: 0 });
  expect(readdirSync(join(root, 'ex', 'student-003', '02-second'))).toEqual(['results.json']);
});

test.each([
  [['nowhere'], 'nowhere'],
  [['marks', '--export', 'canvs', '--to', 'x'], 'Did you mean canvas?'],
  [['marks', '--export', 'canvas'], '--to PATH'],
  [['marks', '--to', 'x'], '--to belongs to an export'],
  [['marks', '--export', 'ctrf', '--to', 'x', '--each'], 'ctrf has no columns'],
  [['marks', '--export', 'canvas', '--to', 'x', '--map', 'ID'], 'COLUMN=ROSTER_COLUMN'],
  [['marks', '--export', 'canvas', '--to', 'x', '--map', 'Nr=student'], 'canvas has the columns Student, ID'],
  [['marks', '--export', 'moodle', '--to', 'x', '--map', 'ID number=shoe'], 'The roster has no column shoe'],
  [['marks', '--export', 'moodle', '--to', 'x', '--roster', 'package.json'], 'no CSV file'],
])('wrong use is said with the way out: %j', async (argv, words) => {
  const { code, out, err } = await gradebook(workbookWithClass(), ...argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(words);
});
