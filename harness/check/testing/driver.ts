import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readEditable } from '../../catalog/editable.ts';
import type { Exercise, Part, Rule } from '../../catalog/exercise.ts';
import type { SourceFiles } from '../../compile/compile.ts';
import { check } from '../check.ts';
import type { CheckRequest } from '../check.ts';
import { Engine } from '../engine.ts';
import type { Verdict } from '../../verdict/verdict.ts';

/** The workbook, and its built harness. */
export const root = process.cwd();
export const build = join(root, '.workbook', 'build');

/** An engine on the built workbook. Whoever takes it closes it. */
export function driverEngine(): Engine {
  return new Engine(root, build);
}

/**
 * An exercise for a test of a driver. Its suites lie in `harness/check/<name>/hidden/`, the learner's files beside them.
 * All rules are core, and are called R1 to R`rules`.
 */
export function driverExercise(
  name: string,
  parts: readonly (Pick<Part, 'name' | 'kind' | 'entry'> & { packages?: string[] })[],
  rules: number,
  ruleOf: (number: number) => Partial<Rule> = () => ({}),
): Exercise {
  const folder = join(root, 'harness', 'check', name);
  return {
    id: `00-${name}`,
    folder,
    title: '',
    phase: 1,
    minutes: 1,
    difficulty: 1,
    requires: [],
    editable: [],
    parts: parts.map((part) => ({ packages: [], exports: [], modules: null, ...part })),
    rules: Array.from({ length: rules }, (_, index) => ({
      id: `R${index + 1}`,
      tier: 'core',
      title: '',
      citation: '',
      part: parts[0]?.name ?? '',
      needs: [],
      keep: false,
      evidence: 'outside',
      graded: false,
      ...ruleOf(index + 1),
    })),
    suites: readdirSync(join(folder, 'hidden'))
      .filter((file) => file.endsWith('.suite.ts'))
      .map((file) => join(folder, 'hidden', file)),
  };
}

/** The files beside a driver's suites that match one of the patterns. */
export async function driverFiles({ folder }: Exercise, patterns: readonly string[]): Promise<SourceFiles> {
  const read = await readEditable(folder, patterns);
  if (!read.ok) throw new Error(read.problem.message);
  return read.files;
}

/** Judges files as `check` does, in the order of the building blocks and with a seed that is always the same. */
export async function judgeDriver(
  engine: Engine,
  exercise: Exercise,
  files: SourceFiles,
  more: Partial<CheckRequest> = {},
): Promise<Verdict> {
  const { verdict } = await check(engine, {
    exercise,
    files: { ok: true, files },
    folder: exercise.folder,
    only: null,
    order: 'building',
    seed: 7,
    inspect: false,
    env: {},
    root,
    build,
    digests: { suite: '', files: '' },
    harness: 'test',
    ...more,
  });
  return verdict;
}
