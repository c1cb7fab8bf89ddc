import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assignCommand } from './assign.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { FIRST, SECOND } from './testing/made-exercises.ts';

const FILE = 'assignments/week-1.yaml';

/** The commands run at the beginning of 2031, UTC. */
const WEEK = [
  'week-1',
  '--exercises',
  `${FIRST}..${SECOND}`,
  '--due',
  '2031-01-04 23:59',
  '--tz',
  'Europe/Berlin',
];

async function assign(root: string, argv: string[]) {
  return await run(assignCommand, root, argv);
}

function text(root: string): string {
  return readFileSync(join(root, FILE), 'utf8');
}

/** What `--json` says of the one assignment. */
async function read(root: string): Promise<unknown> {
  const { out } = await assign(root, ['week-1', '--json']);
  const { assignments } = JSON.parse(out) as { assignments: { assignment: unknown }[] };
  return assignments[0]?.assignment;
}

test('what was asked for is written, shown, and read back as it was meant', async () => {
  const root = smallWorkbook();
  const { code, out, err } = await assign(root, [
    ...WEEK,
    '--opens',
    '2030-12-01 08:00',
    '--late',
    'per-day:10:50',
    '--late-days',
    '2',
    '--grace',
    '15',
    '--weight',
    `${SECOND}=2.5`,
    '--asks',
    'all',
    '--attempts',
    '5',
    '--title',
    'Week 1: "first" # steps',
    '--show',
    'score:full',
  ]);
  expect(code).toBe(0);
  expect(err).toContain(`Wrote ${FILE}.`);
  expect(out).toContain('due       Sat 4 Jan 23:59 Europe/Berlin, in 3 days');
  expect(await read(root)).toEqual({
    name: 'week-1',
    title: 'Week 1: "first" # steps',
    timezone: 'Europe/Berlin',
    graceMs: 900_000,
    late: { policy: 'per-day', percent: 10, most: 50 },
    lateDays: 2,
    attempts: 5,
    show: { before: 'score', after: 'full' },
    exercises: [
      {
        id: FIRST,
        weight: 1,
        asks: 'all',
        opens: Date.UTC(2030, 11, 1, 7),
        due: Date.UTC(2031, 0, 4, 22, 59, 59, 999),
      },
      {
        id: SECOND,
        weight: 2.5,
        asks: 'all',
        opens: Date.UTC(2030, 11, 1, 7),
        due: Date.UTC(2031, 0, 4, 22, 59, 59, 999),
      },
    ],
    extensions: [],
  });
});

test.each(['none', 'zero', 'per-day:5', 'decay:48', 'decay:1.5:80'])(
  '--late %s is written as it is meant',
  async (late) => {
    const root = smallWorkbook();
    expect((await assign(root, [...WEEK, '--late', late])).code).toBe(0);
    const [policy] = late.split(':');
    expect(await read(root)).toMatchObject({ late: { policy } });
  },
);

test('without --tz the zone of the machine holds, and that is said', async () => {
  const { err } = await assign(smallWorkbook(), WEEK.slice(0, -2));
  expect(err).toContain('the time zone of this machine');
});

test('an assignment that is there stays, unless --force says so, and then a copy is kept', async () => {
  const root = smallWorkbook();
  await assign(root, WEEK);
  const first = text(root);
  const refused = await assign(root, [...WEEK, '--title', 'Another']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
  expect(text(root)).toBe(first);
  const { code, err } = await assign(root, [...WEEK, '--title', 'Another', '--force']);
  expect(code).toBe(0);
  expect(text(root)).toContain('title: Another');
  const kept = /kept in (\S+)\.\n/.exec(err)?.[1] ?? '';
  expect(readFileSync(join(root, kept, 'week-1.yaml'), 'utf8')).toBe(first);
  expect(readdirSync(join(root, 'assignments'))).toEqual(['week-1.yaml']);
});

test('an extension is added, and comments and all else stay', async () => {
  const root = smallWorkbook();
  await assign(root, WEEK);
  writeFileSync(
    join(root, FILE),
    text(root).replace('lateDays: 0', 'lateDays: 3 # my own remark\n\n# and another'),
  );
  const before = text(root);
  const { code, err, out } = await assign(root, [
    'week-1',
    '--extend',
    'ada',
    '--due',
    '2031-01-11 23:59',
    '--why',
    'ill: #1',
  ]);
  expect(code).toBe(0);
  expect(err).toContain('ada has until 2031-01-11 23:59 for all exercises');
  expect(out).toContain('ada: Sat 11 Jan 23:59 Europe/Berlin (ill: #1)');
  expect(text(root)).toBe(
    before.replace(
      'extensions: []\n',
      'extensions:\n  - student: ada\n    due: 2031-01-11 23:59\n    why: "ill: #1"\n',
    ),
  );
});

test('a second extension for the same replaces the first; for one exercise it is another', async () => {
  const root = smallWorkbook();
  await assign(root, WEEK);
  const extend = async (...argv: string[]) => await assign(root, ['week-1', '--extend', 'ada', ...argv]);
  await extend('--due', '2031-01-11 23:59', '--why', 'was ill');
  expect((await extend('--due', '2031-01-12 23:59')).err).toContain('instead of 2031-01-11 23:59');
  await extend('--due', '2031-01-14 23:59', '--exercise', SECOND);
  expect(await read(root)).toMatchObject({
    extensions: [
      { student: 'ada', exercise: null, due: Date.UTC(2031, 0, 12, 22, 59, 59, 999), why: 'was ill' },
      { student: 'ada', exercise: SECOND, due: Date.UTC(2031, 0, 14, 22, 59, 59, 999), why: '' },
    ],
  });
});

test.each([
  [['--extend', 'ada', '--due', '2031-01-11 23:59'], 'Name it first'],
  [['week-1', '--extend', '../ada', '--due', '2031-01-11 23:59'], 'is no student'],
  [['week-1', '--extend', 'ada'], 'Add --due'],
  [['week-1', '--extend', 'ada', '--due', '2031-03-30 02:30'], 'there is no 02:30'],
  [
    ['week-1', '--extend', 'ada', '--due', '2031-01-11 23:59', '--exercise', '03-x'],
    '03-x is not assigned here',
  ],
  [
    ['week-1', '--extend', 'ada', '--due', '2031-01-11 23:59', '--late', 'zero'],
    '--late is for a new assignment',
  ],
  [['week-2', '--extend', 'ada', '--due', '2031-01-11 23:59'], 'Did you mean week-1?'],
])('an extension that cannot be given changes nothing: %j', async (argv, why) => {
  const root = smallWorkbook();
  await assign(root, WEEK);
  const before = text(root);
  expect(await assign(root, argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(why) });
  expect(text(root)).toBe(before);
});

test.each([
  [['--exercises', FIRST], 'Name it first'],
  [['../x', '--exercises', FIRST], 'is no name for an assignment'],
  [['week-1', '--exercises', '1-first'], 'Did you mean 01-first?'],
  [['week-1', '--due', '2031-01-04 23:59'], 'Which exercises?'],
  [[...WEEK, '--due', '2031-02-30 23:59'], '--due 2031-02-30 23:59: There is no day 2031-02-30'],
  [[...WEEK, '--due', 'tomorrow'], '--due takes a time such as'],
  [[...WEEK, '--opens', '2031-01-05 08:00'], 'Put the due time after the opening'],
  [[...WEEK, '--tz', 'Berlin'], 'Did you mean Europe/Berlin?'],
  [[...WEEK, '--late', 'per-day'], '--late takes none, zero'],
  [[...WEEK, '--late', 'per-day:101'], '--late takes none, zero'],
  [[...WEEK, '--late-days', '-1'], '--late-days'],
  [[...WEEK, '--late-days', '1.5'], '--late-days takes a whole number'],
  [[...WEEK, '--weight', '03-x=2'], 'no exercise of --exercises is called 03-x'],
  [[...WEEK, '--weight', FIRST], '--weight takes ID=NUMBER'],
  [[...WEEK, '--asks', 'some'], '--asks takes core or all'],
  [[...WEEK, '--attempts', '0'], '--attempts takes a whole number from 1'],
  [[...WEEK, '--show', 'nothing'], '--show takes BEFORE:AFTER'],
  [[...WEEK, '--exercise', FIRST], 'write --exercises'],
])('wrong use is answered in words, and nothing is written: %j', async (argv, why) => {
  const root = smallWorkbook();
  expect(await assign(root, argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(why) });
  expect(existsSync(join(root, 'assignments'))).toBe(false);
});

test('without a name all assignments are looked at, and what is wrong with each is said', async () => {
  const root = smallWorkbook();
  expect(await assign(root, [])).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing is assigned yet.'),
  });
  await assign(root, WEEK);
  writeFileSync(join(root, 'assignments', 'week-2.yaml'), 'timezone: Mars\nexercises: []\n');
  const { code, out } = await assign(root, []);
  expect(code).toBe(2);
  expect(out).toContain('week-1\n');
  expect(out).toContain('assignments/week-2.yaml has 3 mistakes:');
  expect(out).not.toContain(root);
  expect(out).toContain('2 assignments: 1 cannot be used');
});

test('a link in the place of the folder is not written through', async () => {
  const root = smallWorkbook();
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'assignments'), 'junction');
  expect(await assign(root, WEEK)).toMatchObject({ code: 2, err: expect.stringContaining('is in the way') });
  expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
});
