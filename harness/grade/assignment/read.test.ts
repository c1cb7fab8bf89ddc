import { expect, test } from 'vitest';
import { parseAssignment, readAssignment } from './read.ts';

const KNOWN = ['01-http-server', '02-sql', '03-crud-api', '04-jwt'].map((id) => ({ id }));

function read(text: string, file = 'assignments/week-1.yaml') {
  return parseAssignment(text, file, KNOWN);
}

/** The message about a file that cannot be used. */
function problems(text: string, file?: string): string {
  const outcome = read(text, file);
  return outcome.ok ? 'nothing is wrong' : outcome.message;
}

const GOOD = `schema: 1
timezone: Europe/Berlin
opens: 2026-11-20 08:00
due: 2026-12-04 23:59
graceMinutes: 10
late: { policy: per-day, percent: 10 }
exercises:
  - id: 01-http-server
  - id: 04-jwt
    weight: 2
    asks: all
    due: "2026-12-11 23:59"
extensions:
  - student: ada
    due: 2026-12-20 12:00
`;

/** GOOD with one line in the place of another. */
function changed(from: string, to: string): string {
  if (!GOOD.includes(from)) throw new Error(`${from} is not there`);
  return GOOD.replace(from, to);
}

test('a file becomes an assignment with instants for times', () => {
  const outcome = read(GOOD);
  expect(outcome).toMatchObject({
    ok: true,
    notes: [],
    assignment: {
      name: 'week-1',
      title: 'week-1',
      graceMs: 600_000,
      late: { policy: 'per-day', percent: 10, most: 100 },
      attempts: null,
      exercises: [
        { id: '01-http-server', weight: 1, asks: 'core', due: Date.parse('2026-12-04T22:59:59.999Z') },
        {
          id: '04-jwt',
          weight: 2,
          asks: 'all',
          opens: Date.parse('2026-11-20T07:00:00Z'),
          due: Date.parse('2026-12-11T22:59:59.999Z'),
        },
      ],
      extensions: [{ student: 'ada', exercise: null, due: Date.parse('2026-12-20T11:00:59.999Z'), why: '' }],
    },
  });
});

test.each([
  ['due: 2026-12-04 23:59', 'due: 2026-02-30 23:59', 'line 4, due: There is no day 2026-02-30'],
  ['due: 2026-12-04 23:59', 'due: 2027-03-28 02:30', 'line 4, due: In Europe/Berlin there is no 02:30'],
  ['due: 2026-12-04 23:59', 'due: 2026-12-04T23:59:00Z', 'Write date and time with a space between them'],
  ['due: 2026-12-04 23:59', 'due: 2026-12-04', 'The time of day is missing'],
  [
    'due: 2026-12-04 23:59',
    'due: 2026-11-19 23:59',
    'line 4, due: It is due 2026-11-19 23:59, and opens 2026-11-20 08:00',
  ],
  [
    'Europe/Berlin',
    'Europe/Berln',
    'line 2, timezone: There is no time zone called Europe/Berln. Did you mean Europe/Berlin?',
  ],
  [
    'id: 04-jwt',
    'id: 04-jvt',
    'line 9, exercises[1].id: There is no exercise called 04-jvt. Did you mean 04-jwt?',
  ],
  ['id: 04-jwt', 'id: 01-http-server', 'line 9, exercises[1].id: 01-http-server stands here a second time'],
  ['id: 04-jwt', 'id: 46-opensource', 'There is no exercise'],
  [
    'weight: 2',
    'weight: heavy',
    'line 10, exercises[1].weight: There is "heavy". Expected: a number from 0 to 1000',
  ],
  ['weight: 2', 'wieght: 2', 'line 10, exercises[1].wieght: There is no key wieght. Did you mean weight?'],
  ['percent: 10', 'percentage: 10', 'line 6, late.percent: percent is missing'],
  [
    'policy: per-day',
    'policy: perday',
    'line 6, late.policy: There is "perday". Expected: none, per-day, decay or zero',
  ],
  [
    'late: { policy: per-day, percent: 10 }',
    'late: none',
    'line 6, late: There is "none". Expected: a policy in braces',
  ],
  ['timezone: Europe/Berlin\n', '', 'timezone: timezone is missing'],
  ['student: ada', 'student: ../ada', 'line 14, extensions[0].student: "../ada" is no student of a roster'],
  [
    '  - student: ada',
    '  - student: ada\n    exercise: 02-sql',
    'line 15, extensions[0].exercise: 02-sql is not assigned here',
  ],
  [
    '  - student: ada',
    '  - student: ada\n    due: 2026-12-09 10:00\n  - student: ada',
    'ada has an extension for the same already',
  ],
  ['asks: all', 'asks: extra', 'Expected: core or all'],
  ['graceMinutes: 10', 'graceMinutes: "10"', 'There is "10". Expected: a number of minutes'],
  ['graceMinutes: 10', 'graceMinutes: .nan', 'There is NaN'],
  ['graceMinutes: 10', '__proto__: { due: 1 }', 'There is no key __proto__'],
  ['schema: 1', 'schema: 2', 'line 1, schema: There is 2. Expected: 1'],
  [
    '  - id: 01-http-server',
    '  - 01-http-server',
    'line 8, exercises[0]: There is "01-http-server". Expected: a line like `- id: 01-http-server`',
  ],
])('%j as %j is named with its line and a remedy', (from, to, said) => {
  expect(problems(changed(from, to))).toContain(said);
});

test('a time zone in which a time is skipped does not matter for others', () => {
  expect(read(changed('Europe/Berlin', 'UTC').replace('2026-12-04 23:59', '2027-03-28 02:30')).ok).toBe(true);
});

test('several mistakes are named at once, in the order of lines', () => {
  const text = GOOD.replace('Europe/Berlin', 'Mars/Base')
    .replace('04-jwt', '04-jvt')
    .replace('weight: 2', 'weight: -1')
    .replace('2026-12-20', '2026-12-32');
  const lines = problems(text).split('\n');
  expect(lines[0]).toBe('assignments/week-1.yaml has 4 mistakes:');
  expect(lines.slice(1).map((each) => /line (\d+)/.exec(each)?.[1])).toEqual(['2', '9', '10', '15']);
});

test.each([
  ['schema: 1\nschema: 1\n', 'line 2'],
  ['exercises: [', 'no YAML'],
  ['due:\n\t- x', 'no YAML'],
  ['a: 1\n---\nb: 2\n', 'One file holds one assignment'],
  ['', 'is empty'],
  ['# only a comment\n', 'is empty'],
  ['- 1\n- 2\n', 'Expected: keys such as timezone'],
  ['just words', 'Expected: keys such as timezone'],
])('%j is no assignment, and that is said', (text, said) => {
  expect(problems(text)).toContain(said);
});

test('a bomb of aliases is refused', () => {
  const levels = Array.from({ length: 20 }, (_, n) => `l${n + 1}: &l${n + 1} [*l${n},*l${n},*l${n},*l${n}]`);
  expect(problems(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toMatch(/^assignments\/week-1.yaml: .*alias/i);
});

test('signs that act on a terminal are shown instead', () => {
  expect(problems(changed('04-jwt', '"\\e[2J\\n::error::x"'))).toContain('\\x1b[2J');
});

test('the name of the file has to be fit for a name', () => {
  expect(problems(GOOD, 'assignments/week 1.yaml')).toContain('Rename the file');
});

test('what is allowed and probably not meant is noted', () => {
  const notes = (text: string) => {
    const outcome = read(text);
    return outcome.ok ? outcome.notes.join('\n') : outcome.message;
  };
  expect(notes(changed('due: 2026-12-20 12:00', 'due: 2026-12-01 12:00'))).toContain('gives no time');
  expect(notes(changed('graceMinutes: 10', 'lateDays: 2').replace('per-day, percent: 10', 'none'))).toContain(
    'never spent',
  );
});

test('a file that is not there is named', () => {
  const outcome = readAssignment('/nowhere/week-1.yaml', KNOWN);
  expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining('It does not exist') });
});
