import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkCommand } from './check.ts';
import { hintCommand } from './hint.ts';
import { listCommand } from './list.ts';
import { overview } from './overview.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { recordAttempt } from './testing/learner.ts';
import { FIRST, SECOND, writeHints } from './testing/made-exercises.ts';

/** These commands run at the beginning of 2031, UTC. */
function assign(root: string, lines: string, name = 'week-1'): void {
  mkdirSync(join(root, 'assignments'), { recursive: true });
  const head = `schema: 1\ntitle: Week 1\ntimezone: Europe/Berlin\n`;
  writeFileSync(
    join(root, 'assignments', `${name}.yaml`),
    `${head}${lines}\nexercises:\n  - id: ${SECOND}\n`,
  );
}

test('list tells when an assigned exercise is due, and that it is open', async () => {
  const root = smallWorkbook();
  assign(root, 'due: 2031-01-04 23:59');
  const { out, err } = await run(listCommand, root, []);
  expect(err).toBe('');
  expect(out).toMatch(
    /^ {2}○ 02-second .* open\n {4}due Sat 4 Jan 23:59 Europe\/Berlin, in 3 days \(Week 1\)$/m,
  );
});

test('list --json has the times as numbers, and the words', async () => {
  const root = smallWorkbook();
  assign(root, 'opens: 2030-12-01 08:00\ndue: 2031-01-04 23:59');
  const { exercises } = overview.parse(JSON.parse((await run(listCommand, root, ['--json'])).out));
  expect(exercises.find(({ id }) => id === SECOND)?.tasks).toEqual([
    {
      assignment: 'week-1',
      title: 'Week 1',
      asks: 'core',
      opens: Date.parse('2030-12-01T07:00:00Z'),
      due: Date.parse('2031-01-04T22:59:59.999Z'),
      timezone: 'Europe/Berlin',
      words: 'due Sat 4 Jan 23:59 Europe/Berlin, in 3 days',
    },
  ]);
  expect(exercises.find(({ id }) => id === FIRST)?.tasks).toEqual([]);
});

test('what has passed is said without blame, and not at all to who is done', async () => {
  const root = smallWorkbook();
  assign(root, 'due: 2030-12-24 23:59');
  const words = 'was due Tue 24 Dec 2030 23:59 Europe/Berlin, 7 days ago';
  expect((await run(listCommand, root, [])).out).toContain(words);
  recordAttempt(root, SECOND);
  expect((await run(listCommand, root, [])).out).not.toContain('due');
});

test('of several assignments the next due comes first', async () => {
  const root = smallWorkbook();
  assign(root, 'due: 2030-12-24 23:59', 'past');
  assign(root, 'due: 2031-02-24 23:59', 'later');
  assign(root, 'due: 2031-01-14 23:59', 'next');
  assign(root, 'opens: 2031-01-02 23:59', 'to-come');
  const { out } = await run(listCommand, root, ['--json']);
  const entry = overview.parse(JSON.parse(out)).exercises.find(({ id }) => id === SECOND);
  expect(entry?.tasks.map(({ assignment }) => assignment)).toEqual(['next', 'later', 'to-come', 'past']);
});

test('before it opens, an assigned exercise is locked as usual, and says when it opens', async () => {
  const root = smallWorkbook();
  assign(root, 'opens: 2031-01-06 08:00');
  const { code, err } = await run(checkCommand, root, [SECOND]);
  expect(code).toBe(3);
  expect(err).toContain(
    '02-second is locked: it builds on 01-first.\nIt opens Mon 6 Jan 08:00 Europe/Berlin, in 5 days (Week 1).\n',
  );
});

test('hints of an exercise that is assigned do not wait', async () => {
  const root = smallWorkbook();
  writeHints(root, SECOND);
  expect((await run(hintCommand, root, [SECOND, 'R1'])).code).toBe(3);
  assign(root, 'due: 2031-01-06 08:00');
  expect((await run(hintCommand, root, [SECOND, 'R1'])).code).toBe(0);
});

test('a broken assignment is one line on stderr with its file and its mistake, and takes nothing from the rest', async () => {
  const root = smallWorkbook();
  assign(root, 'due: 2031-02-30 23:59');
  assign(root, 'due: 2031-01-04 23:59', 'week-2');
  writeFileSync(join(root, 'assignments', 'week-3.yaml'), 'exercises: [');
  const { code, out, err } = await run(listCommand, root, []);
  expect(code).toBe(0);
  expect(out).toContain('due Sat 4 Jan');
  const lines = err.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^Passed over assignments\/week-1\.yaml: line 4, due: There is no day 2031-02-30\..*npm run assign/,
  );
  expect(lines[1]).toMatch(/^Passed over assignments\/week-3\.yaml: line 1/);
});

test('in an edition for a class a broken assignment is the instructor’s, and no command is named that is not there', async () => {
  const root = smallWorkbook();
  assign(root, 'due: 2031-02-30 23:59');
  writeFileSync(join(root, 'edition.json'), '{}');
  const { err } = await run(listCommand, root, []);
  expect(err).toBe(
    'Passed over assignments/week-1.yaml, which has a mistake. Your instructor can correct it.\n',
  );
});

test('a file in the place of the folder, or a folder that is empty, is no assignment', async () => {
  const root = smallWorkbook();
  writeFileSync(join(root, 'assignments'), '');
  expect((await run(listCommand, root, [])).err).toBe('');
});
