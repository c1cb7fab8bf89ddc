import { describe, expect, test } from 'vitest';
import { width } from '../verdict/layout.ts';
import { renderOverview } from './list-page.ts';
import type { ListOptions } from './list-page.ts';
import type { Overview, OverviewEntry } from './overview.ts';

function render(
  entries: Partial<OverviewEntry>[],
  options: Partial<ListOptions> = {},
  changes: Partial<Overview> = {},
): string {
  const exercises = entries.map((entry) => ({ ...ENTRY, ...entry }));
  return renderOverview(
    { schema: 1, progress: true, current: null, minutesLeft: 0, exercises, ...changes },
    { colour: false, columns: 80, unicode: true, all: false, ...options },
  );
}

const ENTRY: OverviewEntry = {
  id: '01-a',
  state: 'open',
  title: 'Twice as much',
  phase: 1,
  minutes: 30,
  difficulty: 1,
  requires: [],
  missing: [],
  core: null,
  attempts: 0,
  passedAt: null,
  masteredAt: null,
  tasks: [],
  problem: null,
};

const EVERY_STATE: Partial<OverviewEntry>[] = [
  { id: '01-mastered', state: 'mastered', passedAt: 1, masteredAt: 1 },
  { id: '02-passed', state: 'passed', passedAt: 1 },
  { id: '03-failing', state: 'failing', passedAt: 1, core: { passed: 0, total: 1 } },
  { id: '04-skipped', state: 'skipped', minutes: 150 },
  { id: '05-tried', core: { passed: 3, total: 9 } },
  { id: '06-open', phase: 2 },
  { id: '07-locked', state: 'locked', phase: 2, missing: ['05-tried', '06-open'] },
  {
    id: '08-broken',
    state: 'broken',
    title: null,
    phase: null,
    minutes: null,
    problem: {
      file: 'exercises/08-broken/exercise.json',
      key: 'phase',
      expected: 'a whole number from 1 to 5',
      message: 'The value is 9.',
    },
  },
  { id: '40-url-shortener', state: 'planned', phase: 5, title: 'Challenge project' },
];

const HERE = { current: '05-tried', minutesLeft: 95 };

describe('the list', () => {
  test('has a sign and a word for every state, and ends with what to do next', () => {
    expect(render(EVERY_STATE, {}, HERE)).toBe(`Phase 1
  ★ 01-mastered  Twice as much                              30 min  mastered
  ✓ 02-passed    Twice as much                              30 min  passed
  ✗ 03-failing   Twice as much                              30 min  fails now
  » 04-skipped   Twice as much                             150 min  skipped
→ ○ 05-tried     Twice as much                              30 min  3 of 9 core

Phase 2
  ○ 06-open      Twice as much                              30 min  open
  · 07-locked    Twice as much                              30 min  needs 05, 06

Other
  ! 08-broken                                                       broken

08-broken cannot be used:
  exercises/08-broken/exercise.json, at phase
    The value is 9.
    Expected: a whole number from 1 to 5.
    Next: correct this and run the command again. If you never changed it, \`git
    restore exercises/08-broken/exercise.json\` brings back what was there.

3 of 8 passed · 1 mastered ★ · 1 of them fails now · about 1 h 35 min left
1 more is to come: npm run list -- --all
You are at 05-tried.
next: npm run check 05-tried
`);
  });

  test('shows what is to come with --all', () => {
    const text = render(EVERY_STATE, { all: true }, HERE);
    expect(text).toMatch(/^Phase 5\n {4}40-url-shortener {2}Challenge project +30 min {2}to come$/m);
    expect(text).toContain('1 more is to come.\n');
  });

  test('needs no sign outside ASCII', () => {
    const text = render(EVERY_STATE, { unicode: false, all: true }, HERE);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    const starts = text.match(/^. .{2} \d\d-\S+/gm);
    expect(starts).toEqual([
      '  *  01-mastered',
      '  ok 02-passed',
      '  x  03-failing',
      '  >> 04-skipped',
      '> -  05-tried',
      '  -  06-open',
      '  .  07-locked',
      '     40-url-shortener',
      '  !  08-broken',
    ]);
  });

  test('says the same with colours and without', () => {
    const coloured = render(EVERY_STATE, { colour: true }, HERE);
    const escape = '\u001b';
    expect(coloured).toContain(`${escape}[32m✓${escape}[39m`);
    expect(coloured.replace(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(render(EVERY_STATE, {}, HERE));
  });

  test.each([40, 50, 80, 200])('fits %d columns', (columns) => {
    const long = [
      ...EVERY_STATE,
      { id: '09-transactions-idempotency', phase: 2, title: 'Ship it '.repeat(20), state: 'locked' as const },
    ];
    for (const unicode of [true, false]) {
      const widest = Math.max(...render(long, { columns, unicode }, HERE).split('\n').map(width));
      expect(widest).toBeLessThanOrEqual(Math.max(48, Math.min(columns, 100)));
    }
  });

  test('leaves out minutes and titles where there is no room, never the id and the state', () => {
    const row = (columns: number) => render([{ id: '01-a-rather-long-name' }], { columns }).split('\n')[1];
    expect(row(60)).toBe('  ○ 01-a-rather-long-name  Twice as much        30 min  open');
    expect(row(48)).toBe('  ○ 01-a-rather-long-name  Twice as much    open');
    expect(row(44)).toBe('  ○ 01-a-rather-long-name  Twice as m…  open');
    expect(row(40)).toBe('  ○ 01-a-rather-long-name  open');
  });

  test('makes titles harmless', () => {
    expect(render([{ title: 'a\u001b[2J\u202eb' }])).toContain('a\\x1b[2J\\u202eb');
  });
});

describe('what a locked exercise needs', () => {
  const needs = (numbers: number[]) => {
    const missing = numbers.map((number) => `${String(number).padStart(2, '0')}-x`);
    return /needs .*/.exec(render([{ state: 'locked', missing }]))?.[0];
  };

  test.each<[number[], string]>([
    [[3], 'needs 03'],
    [[3, 5], 'needs 03, 05'],
    [[3, 4], 'needs 03, 04'],
    [[3, 4, 5], 'needs 03–05'],
    [[1, 2, 3, 7, 9], 'needs 01–03, 07, 09'],
    [[3, 5, 7, 9], 'needs 03 and 3 more'],
  ])('%j', (numbers, text) => {
    expect(needs(numbers)).toBe(text);
  });
});

describe('a phase in which nothing is to be done', () => {
  const phase = (...states: OverviewEntry['state'][]) =>
    states.map((state, index) => ({ id: `0${index + 1}-x`, state }));

  test('takes one line while all of it is locked', () => {
    const locked = phase('locked', 'locked', 'locked');
    expect(render(locked)).toContain('Phase 1 · 3 exercises, all locked · 1 h 30 min\n\n');
    expect(render(locked)).not.toContain('01-x');
    expect(render(locked, { all: true })).toContain('· 01-x');
  });

  test('takes one line when all of it is passed', () => {
    expect(render(phase('passed', 'mastered', 'passed'))).toContain(
      'Phase 1 · all 3 passed · 1 mastered\n\n',
    );
    expect(render(phase('passed', 'passed', 'passed'))).toContain('Phase 1 · all 3 passed\n\n');
  });

  test.each<[string, Partial<OverviewEntry>]>([
    ['open', { state: 'open' }],
    ['failing', { state: 'failing' }],
    ['skipped', { state: 'skipped' }],
    ['damaged', { problem: { file: 'exercises/04-y/x', key: null, expected: 'x', message: 'x' } }],
  ])('is shown in full when one exercise in it is %s', (_name, change) => {
    const passed = phase('passed', 'passed', 'passed');
    expect(render([...passed, { id: '04-y', state: 'passed', ...change }])).toContain('✓ 01-x');
  });

  test('is shown in full when it is short', () => {
    expect(render(phase('locked', 'locked'))).toContain('· 01-x');
  });
});

describe('the end of the list', () => {
  test.each<[number, string]>([
    [45, 'about 45 min left'],
    [60, 'about 1 h left'],
    [599, 'about 9 h 59 min left'],
    [640, 'about 11 h left'],
  ])('%d minutes in words', (minutesLeft, text) => {
    expect(render([{}], {}, { minutesLeft })).toContain(text);
  });

  test('counts nothing when nobody knows what was passed', () => {
    const text = render([{}], {}, { progress: false, current: '01-a', minutesLeft: 30 });
    expect(text).not.toMatch(/passed|left|You are at/);
  });

  test('tells who has finished', () => {
    const text = render([{ state: 'passed', passedAt: 1 }]);
    expect(text).toContain('1 of 1 passed\n');
    expect(text).toContain('Everything here is passed or skipped.');
  });

  test('tells who has nothing open how to open something', () => {
    expect(render([{ state: 'locked', missing: ['00-x'] }])).toContain('`npm run unlock ID`');
  });
});
