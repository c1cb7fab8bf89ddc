import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { editionRecord } from '../edition/record.ts';
import { CANARIES, ClassWorkbook, FIRST, SECOND } from '../edition/testing/class-workbook.ts';
import { countingRules } from '../grade/grades.ts';
import { GIT_ENV } from '../update/testing/clone.ts';
import { editionCommand } from './edition.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import type { Ran } from './testing/fake-context.ts';

const edition = (root: string, ...argv: string[]): Promise<Ran> =>
  run(editionCommand, root, argv, { env: GIT_ENV });

describe('wrong use', () => {
  test.each([
    ['no folder', [], 'Where does it go?'],
    [
      'an unknown exercise',
      ['--out', '../class', '--exercises', 'first'],
      'There is no exercise called "first". Did you mean 01-first?',
    ],
    [
      'a core rule that is to be held back',
      ['--out', '../class', '--hold-back', '01-first:R1'],
      'R1 is core',
    ],
    ['a folder of --verify that is none', ['--verify', '../class'], 'There is no edition'],
    ['a workbook without git', ['--out', '../class'], 'Only files that git knows are handed out'],
  ])('%s is said, and nothing is written', async (_what, argv, message) => {
    const root = smallWorkbook();
    const { code, out, err } = await edition(root, ...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(existsSync(join(root, '..', 'class'))).toBe(false);
  });

  test('an edition of an edition is not made', async () => {
    const root = smallWorkbook();
    writeFileSync(join(root, 'edition.json'), '{}');
    expect((await edition(root, '--out', '../class')).err).toContain('This is an edition itself.');
  });
});

describe('an edition', () => {
  test('is told in words: what is in it, what is held back, where to look, what to do next', async () => {
    const workbook = new ClassWorkbook();
    const { code, out, err } = await edition(
      workbook.root,
      '--out',
      '../class',
      '--hold-back',
      '01-first:R3',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`../class is an edition of 26 files.

  01-first  Sums
  02-second  Sums

Held back: learners do not have these rules. \`npm run grade\` in this workbook judges and counts them by itself.
  01-first R3  Numbers below zero are added too
To keep this list: --record FILE

Sentences that still name a rule that is held back. Read them, and change them in the edition if you like:
  ../class/exercises/01-first/README.md, line 5

Hand it out:  cd ../class && git init && git add -A && git commit -m "The workbook"
`);
    const again = await edition(workbook.root, '--out', '../class', '--hold-back', '01-first:R3');
    expect(again.out).toContain('../class was made anew, 26 files: nothing changed.');
    expect(again.out).toContain('learners get it with `npm run update`');
  });

  test('is recorded for the instructor, and not in what learners get', async () => {
    const workbook = new ClassWorkbook();
    const argv = ['--out', '../class', '--exercises', FIRST, '--hold-back', '01-first:R3,R4'];
    const { code, out } = await edition(workbook.root, ...argv, '--record', '../record.json', '--json');
    expect(code).toBe(0);
    const record = editionRecord.parse(JSON.parse(readFileSync(join(workbook.base, 'record.json'), 'utf8')));
    expect(JSON.parse(out)).toEqual(record);
    expect(record).toMatchObject({
      madeAt: '2031-01-01T00:00:00.000Z',
      workbook: { version: '1.2.3', commit: workbook.head() },
      exercises: [{ id: FIRST, heldBack: [{ id: 'R3' }, { id: 'R4' }] }],
    });
    expect(Object.values(workbook.edition.files()).join('\n')).not.toContain('heldBack');
    const inside = await edition(workbook.root, ...argv, '--record', '../class/record.json');
    expect(inside.code).toBe(2);
    expect(inside.err).toContain('--record names a file in the edition');
    expect(workbook.edition.has('record.json')).toBe(false);
  });

  test('never has a rule that its exercise marks as graded, and a grade counts that rule all the same', async () => {
    const workbook = new ClassWorkbook();
    const path = `exercises/${FIRST}/exercise.json`;
    const file = JSON.parse(workbook.read(path)) as { rules: Record<string, object> };
    file.rules['R3'] = { ...file.rules['R3'], graded: true };
    workbook.write({ [path]: JSON.stringify(file) });
    const { out } = await edition(workbook.root, '--out', '../class', '--exercises', FIRST, '--json');
    expect(editionRecord.parse(JSON.parse(out)).exercises).toMatchObject([
      { id: FIRST, heldBack: [{ id: 'R3' }] },
    ]);
    expect(workbook.edition.read(path)).not.toMatch(/R3|graded/);
    const [source] = workbook.exercises;
    expect([...(source === undefined ? [] : countingRules(source))]).toEqual(['R1', 'R2', 'R3', 'R4']);
  });

  test('that gives something away is not made, or not good any more', async () => {
    const workbook = new ClassWorkbook();
    await edition(workbook.root, '--out', '../class');
    const whole = await edition(workbook.root, '--verify', '../class');
    expect(whole).toEqual({
      code: 0,
      out: 'Nothing that should be sealed can be read: 26 files were searched.\n',
      err: '',
    });
    workbook.edition.write({ 'notes.md': `${CANARIES.second}\n`, [`exercises/${SECOND}/hidden/x.ts`]: '' });
    const leaking = await edition(workbook.root, '--verify', '../class');
    expect(leaking).toMatchObject({ code: 1, out: '' });
    expect(leaking.err).toBe(`Something that should be sealed can be read. Do not hand this out.
  exercises/02-second/hidden/x.ts: its name
  notes.md: canary ${CANARIES.second}
`);
    expect((await edition(workbook.root, '--out', '../class')).code).toBe(1);
    const json = await edition(workbook.root, '--verify', '../class', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1, files: 28, leaks: [{ what: 'its name' }, {}] });
  });
});
