import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROADMAP } from '../catalog/roadmap.ts';
import { listCommand } from './list.ts';
import { overview } from './overview.ts';
import { run, smallWorkbook, temporaryRoot } from './testing/fake-context.ts';
import { recordAttempt } from './testing/learner.ts';
import { FIRST, SECOND, writeExercise } from './testing/made-exercises.ts';

test('list shows what is in the workbook, marks where the learner is, and counts the rest', async () => {
  const root = smallWorkbook();
  recordAttempt(root, FIRST);
  expect(await run(listCommand, root, [])).toEqual({
    code: 0,
    err: '',
    out: `Phase 1
  ✓ 01-first   Twice as much                                      30 min  passed
→ ○ 02-second  Twice as much again                                30 min  open

1 of 2 passed · about 30 min left
46 more are to come: npm run list -- --all
You are at 02-second.
next: npm run check 02-second
`,
  });
});

test('list --all shows the whole roadmap by phase', async () => {
  const { out } = await run(listCommand, smallWorkbook(), ['--all']);
  expect(out.match(/^Phase \d$/gm)).toEqual([1, 2, 3, 4, 5].map((phase) => `Phase ${phase}`));
  for (const { id } of ROADMAP) expect(out).toMatch(new RegExp(`^    ${id} .* to come$`, 'm'));
});

test('list --json prints one document of the described form and nothing else', async () => {
  const { code, out, err } = await run(listCommand, smallWorkbook(), ['--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { exercises, ...rest } = overview.strict().parse(JSON.parse(out));
  expect(rest).toEqual({ schema: 1, progress: true, current: FIRST, minutesLeft: 60 });
  expect(exercises.find(({ id }) => id === SECOND)).toMatchObject({ state: 'locked', missing: [FIRST] });
});

test('list knows that nothing is locked in CI', async () => {
  const { out } = await run(listCommand, smallWorkbook(), [], { env: { CI: 'true' } });
  expect(out).toContain('○ 02-second');
});

test('list names damaged exercises, and is no failure', async () => {
  const root = smallWorkbook();
  writeFileSync(join(root, 'exercises', FIRST, 'README.md'), '# Twice as much\n');
  const { code, out } = await run(listCommand, root, []);
  expect(code).toBe(0);
  expect(out).toContain('01-first cannot be used:\n  exercises/01-first/README.md, at line 1\n');
});

test('list without progress shows the exercises, and says why it knows no more', async () => {
  const root = smallWorkbook();
  writeFileSync(join(root, '.workbook'), 'a file where the folder should be');
  const { code, out, err } = await run(listCommand, root, []);
  expect(code).toBe(0);
  expect(err).toMatch(/progress is not kept[\s\S]*So the list does not show what you passed\./);
  expect(out).toContain('○ 02-second');
});

test('list ends with 2 where there are no exercises', async () => {
  const { code, out, err } = await run(listCommand, temporaryRoot(), []);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('exercises\n  It does not exist.');
});

test('list makes titles harmless, in JSON as well', async () => {
  const root = smallWorkbook();
  writeExercise(root, FIRST, { title: 'a\u001b[2Jb' });
  expect((await run(listCommand, root, [])).out).toContain('a\\x1b[2Jb');
  expect((await run(listCommand, root, ['--json'])).out).toContain('a\\\\x1b[2Jb');
});

test('list in an edition for a class promises nothing to come', async () => {
  const root = smallWorkbook();
  const key = Buffer.alloc(32).toString('base64');
  const edition = { about: 'x', schema: 1, key, exercises: [FIRST, SECOND], files: [] };
  writeFileSync(join(root, 'edition.json'), JSON.stringify(edition));
  expect((await run(listCommand, root, [])).out).not.toContain('to come');
  const { exercises } = overview.parse(JSON.parse((await run(listCommand, root, ['--json'])).out));
  expect(exercises.map(({ id }) => id)).toEqual([FIRST, SECOND]);
});
