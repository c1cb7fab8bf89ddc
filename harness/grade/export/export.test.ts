import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withDetail } from '../detail.ts';
import type { Detail } from '../detail.ts';
import { madeClass } from '../gradebook/testing/made-class.ts';
import { twoExercises } from '../gradebook/testing/made-exercises.ts';
import { CANVAS_COLUMNS, renderCanvas } from './canvas.ts';
import { classroomFiles, classroomResult } from './classroom.ts';
import type { Layout } from './columns.ts';
import { renderCtrf } from './ctrf.ts';
import { renderExercism } from './exercism.ts';
import { renderMoodle } from './moodle.ts';
import { resultsOf } from './student-results.ts';
import type { StudentResults } from './student-results.ts';
import { CTRF_SCHEMA } from './testing/ctrf-schema.ts';

const made = madeClass({ students: 80, exercises: twoExercises(), hostile: true });
const { gradebook, verdicts } = made;
const plain: Layout = { map: new Map(), roster: new Map(), each: false };

/** Every student as an export for students sees it. */
function all(detail: Detail = 'full'): StudentResults[] {
  return gradebook.students.map((student) =>
    resultsOf({ ...gradebook, detail }, student, ({ id }) => {
      const verdict = verdicts.get(`${student.student}/${id}`);
      return verdict === undefined ? null : withDetail(verdict, detail);
    }),
  );
}

const rowsOf = (text: string): string[][] => parse(text) as string[][];
const formula = /^\s*[=+@-]/;

test('the class has everything that an export may meet', () => {
  const statuses = new Set(
    gradebook.students.flatMap(({ exercises }) => exercises.map(({ status }) => status)),
  );
  expect([...statuses].toSorted()).toEqual(['error', 'failed', 'missing', 'passed']);
});

describe('Canvas', () => {
  test('the columns of its own export, the row of points second, a mark for each student', () => {
    const text = renderCanvas(gradebook, plain);
    const [head, most, ...rows] = rowsOf(text);
    expect(head).toEqual([...CANVAS_COLUMNS, 'The first week']);
    expect(most?.[0]).toContain('Points Possible');
    expect(Number(most?.[5])).toBe(20);
    expect(rows.map((row) => [row[3], Number(row[5])])).toEqual(
      gradebook.students.map(({ student, score }) => [student, score]),
    );
    // Its importer takes each number for what it is only without quotes and with a point.
    expect(text).toMatch(/,\d+(\.\d+)?\r\n$/);
    expect(text.startsWith('\ufeff')).toBe(false);
  });

  test('a column of the roster finds the students, and a column each holds the exercises', () => {
    const roster = new Map(
      gradebook.students.map(({ student }, index) => [student, new Map([['canvas', String(9_000 + index)]])]),
    );
    const map = new Map([
      ['ID', 'canvas'],
      ['SIS Login ID', 'email'],
    ]);
    const [head = [], most, ...rows] = rowsOf(renderCanvas(gradebook, { map, roster, each: true }));
    expect(head.slice(5)).toEqual(['The first week: 01-first', 'The first week: 02-second']);
    expect(most?.slice(5)).toEqual(['10', '10']);
    expect(rows[1]?.[1]).toBe('9001');
    expect(rows[1]?.[3]).toBe('student-002@example.org');
    expect(Number(rows[1]?.[5])).toBe(gradebook.students[1]?.exercises[0]?.score);
  });

  test('no cell is a formula, and no student is taken for the row of points', () => {
    const students = gradebook.students.map((student, index) =>
      index === 0 ? { ...student, name: 'Points Possible' } : student,
    );
    const rows = rowsOf(renderCanvas({ ...gradebook, students }, plain));
    expect(rows.filter(([first]) => first?.includes('Points Possible'))).toHaveLength(1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(formula);
  });
});

describe('Moodle', () => {
  test('students by number or address, marks with their feedback beside them', () => {
    const [head, ...rows] = rowsOf(renderMoodle(gradebook, plain));
    expect(head).toEqual([
      'ID number',
      'Email address',
      'The first week (Real)',
      'The first week (Feedback)',
    ]);
    expect(rows.map((row) => [row[0], Number(row[2])])).toEqual(
      gradebook.students.map(({ student, score }) => [student, score]),
    );
    for (const row of rows) {
      for (const cell of row) expect(cell).not.toMatch(formula);
      // It may be read as HTML there: nothing in it is a student's.
      expect(row[3]).toMatch(/^[\w .:;,%-]+$/);
    }
  });

  test('with detail score the feedback tells points alone', () => {
    const [, ...rows] = rowsOf(renderMoodle({ ...gradebook, detail: 'score' }, { ...plain, each: true }));
    for (const cell of rows.flatMap((row) => [row[3], row[5]]))
      expect(cell).not.toMatch(/passed|mastered|judged/);
  });
});

const status = z.enum(['pass', 'fail', 'error']);

describe('GitHub Classroom', () => {
  const result = z.strictObject({
    version: z.literal(1),
    status,
    max_score: z.number(),
    tests: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          status,
          score: z.number().min(0),
          message: z.string(),
          ...{ test_code: z.string(), filename: z.string(), line_no: z.number().int(), duration: z.number() },
        }),
      )
      .min(1),
  });

  test.each(['full', 'rules', 'score'] as const)(
    'with detail %s, the scores of the tests are the mark',
    (detail) => {
      for (const { results } of all(detail)) {
        for (const each of results) {
          const { tests, max_score, status: whole } = result.parse(classroomResult(each));
          expect(tests.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(each.mark.score, 2);
          expect(max_score).toBe(each.mark.weight);
          if (whole === 'pass') expect(tests.every((test) => test.status === 'pass')).toBe(true);
        }
      }
    },
  );

  test('the reporter finds each runner in the environment: one line, base64 of its JSON', () => {
    for (const results of all()) {
      const { student } = results.student;
      const [first = '', ...lines] = (classroomFiles(results).get(`${student}/classroom.env`) ?? '')
        .trimEnd()
        .split('\n');
      expect(first).toBe('WORKBOOK_RUNNERS=E01FIRST,E02SECOND');
      for (const runner of first.split('=')[1]?.split(',') ?? []) {
        const line = lines.find((each) => each.startsWith(`${runner}_RESULTS=`)) ?? '';
        const json = Buffer.from(line.slice(line.indexOf('=') + 1), 'base64').toString('utf8');
        expect(result.safeParse(JSON.parse(json)).success).toBe(true);
      }
    }
  });
});

describe('CTRF', () => {
  test.each(['full', 'rules', 'score'] as const)(
    'with detail %s it keeps to the schema, and its counts are right',
    (detail) => {
      const valid = new Ajv({ strict: true, allErrors: true }).compile(CTRF_SCHEMA);
      for (const results of all(detail)) {
        const report = JSON.parse(renderCtrf(results)) as {
          results: { summary: Record<string, number>; tests: { status: string }[] };
        };
        expect(valid(report) ? [] : valid.errors).toEqual([]);
        const { summary, tests } = report.results;
        expect(summary.tests).toBe(tests.length);
        for (const each of ['passed', 'failed', 'skipped', 'pending', 'other']) {
          expect(summary[each]).toBe(tests.filter((one) => one.status === each).length);
        }
      }
      expect(valid({ reportFormat: 'CTRF', specVersion: '1.0.0', results: {} })).toBe(false);
    },
  );
});

describe('Exercism', () => {
  const message = z.string().max(65_535).nullable();
  const results = z
    .strictObject({
      version: z.literal(3),
      status,
      message,
      tests: z.array(
        z.strictObject({
          name: z.string().min(1),
          status,
          message,
          output: z.string().max(500).nullable(),
          test_code: z.string(),
          task_id: z.number().int().min(1),
        }),
      ),
    })
    .refine(
      (value) => (value.status === 'error') === (value.message !== null),
      'a message exactly with an error',
    )
    .refine((value) => value.status === 'error' || value.tests.length > 0, 'tests unless there is an error')
    .refine(
      (value) => value.status !== 'pass' || value.tests.every((each) => each.status === 'pass'),
      'pass is all',
    );

  test.each(['full', 'rules', 'score'] as const)(
    'with detail %s it is what its interface describes',
    (detail) => {
      for (const student of all(detail)) {
        for (const each of student.results) {
          const parsed = results.safeParse(JSON.parse(renderExercism(each)));
          expect(parsed.success ? '' : z.prettifyError(parsed.error)).toBe('');
        }
      }
    },
  );
});

test('with less detail, no export for students holds a word of a program', () => {
  for (const student of all('rules')) {
    const files = [
      ...classroomFiles(student).values(),
      renderCtrf(student),
      ...student.results.map((each) => renderExercism(each)),
    ];
    for (const text of files) expect(text).not.toMatch(/stop-commands|GET \/books/);
  }
});
