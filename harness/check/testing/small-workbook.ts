import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build/build.mjs';
import type { Exercise } from '../../catalog/exercise.ts';
import type { CheckRequest } from '../check.ts';
import { requestOf, ruleOf } from './request.ts';

/** Two rules on a module of two functions. */
export const SUITE = `
import { rule, step } from '#suite';
import { WORDS } from './words.ts';
rule('R1', async (t) => {
  const [a, b] = [t.random.integer(1, 99), t.random.integer(1, 99)];
  await step(t, 'two numbers', async () => t.mustReturnValue('add', [a, b], a + b));
});
rule('R2', async (t) => {
  await step(t, 'two words', async () => t.mustReturnValue('join', WORDS, WORDS.join(' ')));
});
`;

/** A program that keeps both. */
export const RIGHT = `
export function add(a: number, b: number): number { return a + b }
export function join(a: string, b: string): string { return a + ' ' + b }
`;

/**
 * For tests: a workbook below the temp folder that is built from the sources here, with one made-up exercise. Anything
 * may be written into it.
 */
export class SmallWorkbook {
  readonly root: string;
  /** Where the exercise lies. */
  folder: string;
  private count = 0;

  constructor() {
    this.root = realpathSync.native(mkdtempSync(join(tmpdir(), 'workbook-check-')));
    this.folder = join(this.root, 'exercises', '01-sums');
  }

  async build(): Promise<void> {
    const here = process.cwd();
    for (const name of ['harness', 'node_modules'])
      symlinkSync(join(here, name), join(this.root, name), 'junction');
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(here, name), join(this.root, name));
    mkdirSync(join(this.root, 'scripts'));
    await build(this.root);
  }

  /** A new exercise with this suite, in a folder of its own: an engine may remember what it met in another. */
  reset(suite = SUITE): void {
    this.folder = join(this.root, 'exercises', `01-sums-${++this.count}`);
    this.edit(suite);
  }

  private get suite(): string {
    return join(this.folder, 'hidden', 'sums.suite.ts');
  }

  /** Changes the suite where it is. */
  edit(suite: string): void {
    mkdirSync(join(this.folder, 'hidden'), { recursive: true });
    writeFileSync(this.suite, suite);
    writeFileSync(join(this.folder, 'hidden', 'words.ts'), `export const WORDS: string[] = ['a', 'b'];\n`);
  }

  /** A request to judge this program. */
  request(program: string, changes: Partial<CheckRequest> = {}): CheckRequest {
    const request = requestOf([ruleOf('R1'), ruleOf('R2')], {
      folder: this.folder,
      root: this.root,
      build: join(this.root, '.workbook', 'build'),
      files: { ok: true, files: new Map([['src/main.ts', program]]) },
      ...changes,
    });
    const exercise: Exercise = {
      ...request.exercise,
      id: '01-sums',
      folder: this.folder,
      suites: [this.suite],
    };
    return { ...request, exercise };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
