import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outsideNpm } from '../bench/environment.ts';
import { copyWorkbook } from '../matrix/copy.ts';
import { run } from '../matrix/run.ts';
import type { Ran } from '../matrix/run.ts';

const HERE = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SLOW = 120_000;

/** One exercise of each kind, made by the command in a copy of this workbook. */
const MADE = { http: '47-http', module: '48-module', sql: '49-sql' };

let base: string;
let root: string;

/** Runs a command of the copy as a process of its own. */
function command(argv: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return node([join(root, 'harness', 'build', 'run.mjs'), ...argv], env);
}

function node(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const { CI: _ci, ...rest } = outsideNpm(process.env);
  return run(process.execPath, args, { cwd: root, env: { ...rest, ...env }, within: SLOW });
}

beforeAll(async () => {
  base = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-new-'));
  // Programs may read packages only where they lie inside of the workbook: a link to them would not do.
  root = copyWorkbook(HERE, join(base, 'workbook'), {
    version: process.version,
    binary: process.execPath,
    headers: null,
  }).folder;
  for (const [kind, id] of Object.entries(MADE)) {
    const { code, stderr } = await command(['new', id, '--kind', kind, '--requires', '01-http-server']);
    if (code !== 0) throw new Error(stderr);
  }
}, SLOW);
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));

type VerifyResult = {
  holds: boolean;
  proofs: { subjects: number; checks: number; problems: string[] }[];
  todos: { there: number; all: number; next: { missing: string[] } | null; later: { missing: string[] }[] }[];
};

describe('npm run new', () => {
  test.each(Object.entries(MADE))(
    'makes an exercise whose stub scores nothing and whose solution passes (%s)',
    async (_kind, id) => {
      const { code, stdout } = await command(['verify', id, '--json']);
      const { holds, proofs, todos } = JSON.parse(stdout) as VerifyResult;
      const [proof] = proofs;
      const [todo] = todos;
      expect({ code, holds, there: todo?.there, all: todo?.all }).toEqual({
        code: 1,
        holds: false,
        there: 3,
        all: 12,
      });
      // The stub, the solution and one mistake, each under two seeds: all of them are as they should be.
      expect(proof).toMatchObject({ subjects: 3, checks: 6 });
      const missing = [todo?.next, ...(todo?.later ?? [])].flatMap((step) => step?.missing ?? []);
      expect(proof?.problems.filter((problem) => !missing.includes(problem))).toEqual([]);
    },
    SLOW,
  );

  test(
    'makes one that check runs as it runs any other',
    async () => {
      const { code, stdout, stderr } = await command(['check', MADE.module], { CI: '1' });
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toContain('48-module · Module\n\nYour task: 1 rule\n');
    },
    SLOW,
  );

  test(
    'makes files that type-check',
    async () => {
      cpSync(join(HERE, 'tsconfig.json'), join(root, 'tsconfig.json'));
      const compiler = join(HERE, 'node_modules', 'typescript', 'bin', 'tsc');
      const files = Object.values(MADE).flatMap((id) => [
        `exercises/${id}/**/*.ts`,
        `solutions/${id}/**/*.ts`,
      ]);
      writeFileSync(
        join(root, 'tsconfig.made.json'),
        JSON.stringify({ extends: './tsconfig.json', include: files, exclude: [] }),
      );
      const ran = await node([compiler, '-p', 'tsconfig.made.json']);
      expect(ran).toMatchObject({ code: 0, stdout: '' });
    },
    SLOW,
  );

  test(
    'says what it refuses, with exit code 2; verify then says what to do next',
    async () => {
      const before = ['exercises', 'solutions'].map((room) => readdirSync(join(root, room)));
      const taken = await command(['new', '47-other']);
      expect({ code: taken.code, out: taken.stdout }).toEqual({ code: 2, out: '' });
      expect(taken.stderr).toContain('The number 47 is taken: exercises/47-http.');
      expect(['exercises', 'solutions'].map((room) => readdirSync(join(root, room)))).toEqual(before);

      const { code, stdout } = await command(['verify', MADE.http]);
      expect(code).toBe(1);
      expect(stdout).toContain('47-http\n3 of 12 things are there. Next: what is built, and why.\n');
      expect(stdout).toContain('  where     exercises/47-http/README.md\n');
      expect(stdout).toContain('  example   exercises/03-crud-api/README.md\n');
      expect(stdout).toContain('\nThen:\n  ○ the contract ');
      expect(stdout).toContain('What is there was judged: 3 subjects, 6 checks');
      expect(stdout).toContain('All of it is as it should be.\n');
    },
    SLOW,
  );
});
