import { expect, test } from 'vitest';
import { readSolution } from './solution.ts';
import { temporaryFolder, writeFiles } from './temp-workbook.ts';

const EXERCISE = { id: '04-jwt', editable: ['**/*.ts'] };
const BASE = 'solutions/04-jwt';

const SOLUTION = {
  [`${BASE}/README.md`]: '# Walk-through: tokens\n\nOne way, not the only one. More.\n',
  [`${BASE}/src/app.ts`]: '// right\n',
  [`${BASE}/stub/src/app.ts`]: '// stub\n',
  [`${BASE}/mistakes/bad/src/app.ts`]: '// wrong\n',
  [`${BASE}/variants/classes/README.md`]:
    '# Classes\n\nMany `small` classes: one\nfor each. More.\n\nAnd more.\n',
  [`${BASE}/variants/classes/src/app.ts`]: '// classes\n',
};

test('a solution has its walk-through, its own files, and the other right ways', async () => {
  const root = temporaryFolder();
  writeFiles(root, SOLUTION);
  expect(await readSolution(root, EXERCISE)).toEqual({
    ok: true,
    solution: {
      name: 'solution',
      folder: BASE,
      title: 'Walk-through: tokens',
      summary: 'One way, not the only one.',
      text: SOLUTION[`${BASE}/README.md`],
      files: new Map([['src/app.ts', '// right\n']]),
    },
    variants: [
      {
        name: 'classes',
        folder: `${BASE}/variants/classes`,
        title: 'Classes',
        summary: 'Many `small` classes: one for each.',
        text: SOLUTION[`${BASE}/variants/classes/README.md`],
        files: new Map([['src/app.ts', '// classes\n']]),
      },
    ],
  });
});

test('a variant that is damaged hides no other', async () => {
  const root = temporaryFolder();
  writeFiles(root, { ...SOLUTION, [`${BASE}/variants/broken/README.md`]: '# Broken\n' });
  const read = await readSolution(root, EXERCISE);
  expect(read.ok && read.variants.map(({ name }) => name)).toEqual(['classes']);
});

test.each([
  ['no walk-through', 'src/app.ts', `${BASE}/README.md`],
  ['no files', 'README.md', `${BASE}/src`],
])('%s is a problem with the place', async (_name, only, place) => {
  const root = temporaryFolder();
  writeFiles(root, { [`${BASE}/${only}`]: 'x' });
  expect(await readSolution(root, EXERCISE)).toMatchObject({ ok: false, problem: { file: place } });
});
