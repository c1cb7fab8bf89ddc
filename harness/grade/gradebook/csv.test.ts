import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { renderGradesCsv } from './csv.ts';
import { madeClass } from './testing/made-class.ts';
import { twoExercises } from './testing/made-exercises.ts';

function rowsOf(text: string): string[][] {
  return parse(text, { bom: true }) as string[][];
}

test('a row for each student, in the order of the roster, with what each exercise got', () => {
  const { gradebook } = madeClass({ students: 40, exercises: twoExercises() });
  const [head = [], ...rows] = rowsOf(renderGradesCsv(gradebook));
  expect(rows.map(([student]) => student)).toEqual(gradebook.students.map(({ student }) => student));
  for (const [index, student] of gradebook.students.entries()) {
    const cell = (name: string): string => rows[index]?.[head.indexOf(name)] ?? '';
    expect(Number(cell('total'))).toBe(student.score);
    const second = student.exercises[1];
    expect([cell('02-second score'), cell('02-second points')]).toEqual([
      String(second?.score),
      String(second?.points),
    ]);
    expect(cell('02-second status')).toBe(second?.mastered === true ? 'mastered' : second?.status);
    expect(cell('problem')).toBe(student.problem ?? '');
  }
});

test('numbers are no texts, and no text is a formula, whatever a roster holds', () => {
  const { gradebook } = madeClass({ students: 9, exercises: twoExercises(), hostile: true });
  const text = renderGradesCsv(gradebook);
  expect(text).toMatch(/,\d+(\.\d+)?,20,\r\n/);
  for (const row of rowsOf(text)) {
    for (const cell of row) expect(cell).not.toMatch(/^\s*[=+@-]/);
  }
});

test('the byte order mark is there when a name needs it, and only then', () => {
  const { gradebook } = madeClass({ students: 2, exercises: twoExercises() });
  expect(renderGradesCsv(gradebook).startsWith('\ufeff"student"')).toBe(true);
  const plain = gradebook.students.map((student) => ({ ...student, name: 'Plain' }));
  expect(renderGradesCsv({ ...gradebook, students: plain }).startsWith('"student"')).toBe(true);
});
