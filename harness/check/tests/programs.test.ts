import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadExercise } from '../../catalog/load-exercise.ts';
import { compileTests } from './compiled.ts';
import { compiledProgram, readPrograms } from './programs.ts';

const root = process.cwd();
const loaded = loadExercise(root, '10-testing');
if (!loaded.ok) throw new Error(loaded.problem.message);
const { exercise } = loaded;
const programs = readPrograms(exercise.folder);

describe('the programs of 10-testing', () => {
  test('three are right, and sixteen and more are broken, each in a rule that there is', () => {
    expect(programs.right).toHaveLength(3);
    expect(programs.broken).toHaveLength(24);
    const ids = new Set(exercise.rules.map(({ id }) => id));
    expect(programs.broken.filter(({ rule }) => !ids.has(rule ?? ''))).toEqual([]);
    expect(new Set(programs.broken.map(({ name }) => name)).size).toBe(24);
  });

  test('no two are the same program', async () => {
    const all = [...programs.right, ...programs.broken];
    const texts = await Promise.all(all.map(async (each) => (await compiledProgram(each, programs)).text));
    const code = texts.map((text) => text.replace(/\/\/# sourceMappingURL=.*/, ''));
    expect(new Set(code).size).toBe(all.length);
  });

  test('what is said of a broken one fits into the sentence of a failure', () => {
    for (const { about } of programs.broken) {
      expect(about).toMatch(/^a (program|parseMoney) (that|whose) /);
    }
  });
});

describe('compiled tests', () => {
  const files = new Map([
    ['src/subject.ts', 'export const priceCart = () => "of the learner";'],
    ['src/given.ts', 'export const given = 7;'],
    [
      'src/a.test.ts',
      `import { test } from 'vitest';\nimport { priceCart } from './subject.js';\nimport { given } from './given';\ntest('x', () => priceCart(given));`,
    ],
  ]);
  const around = { folder: '/nowhere', programs, build: join(root, '.workbook', 'build') };
  const part = { packages: ['vitest', 'supertest'], modules: null };

  test('have the program in the place of the file that stands for it, and the packages of the workbook', async () => {
    const compiled = await compileTests(part, { ...around, files });
    const [only] = compiled.ok ? compiled.tests : [];
    expect(only).toMatchObject({ file: 'src/a.test.ts', name: 'src_a.test.ts.mjs' });
    const [code = ''] = (only?.text ?? '').split('//# sourceMappingURL');
    expect(code).toContain(`subject.call("priceCart")`);
    expect(code).toMatch(/from "file:.*\/build\/tests\/vitest\.mjs"/);
    expect(code).not.toContain('of the learner');
  });

  test('import nothing else', async () => {
    for (const text of [`import 'vitest/node';`, `import 'vite';`, `import '#subject/x';`]) {
      const compiled = await compileTests(part, { ...around, files: new Map([['src/b.test.ts', text]]) });
      expect(compiled).toMatchObject({ ok: false, kind: 'import' });
    }
  });
});
