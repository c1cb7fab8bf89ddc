import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const FIRST = '01-first';
/** Requires the first. */
export const SECOND = '02-second';

/** Programs for a made-up exercise. `core`: keeps R1 but not the extra rule. */
export const PROGRAMS = {
  stub: 'export function double(value: number): number {\n  return value;\n}\n',
  core: 'export function double(value: number): number {\n  return Math.abs(value) * 2;\n}\n',
  right: 'export function double(value: number): number {\n  return value * 2;\n}\n',
  hanging: 'export function double(): Promise<number> {\n  return new Promise(() => {});\n}\n',
};

/** Writes an exercise of two rules, its stub and its solution. `changes` replace keys of its exercise.json. */
export function writeExercise(root: string, id: string, changes: Record<string, unknown> = {}): void {
  write(root, `exercises/${id}/exercise.json`, JSON.stringify({ ...EXERCISE, ...changes }));
  write(root, `exercises/${id}/README.md`, README);
  write(root, `exercises/${id}/hidden/double.suite.ts`, SUITE);
  write(root, `exercises/${id}/src/double.ts`, PROGRAMS.stub);
  write(root, `solutions/${id}/stub/src/double.ts`, PROGRAMS.stub);
}

/** Writes three hints for R1 and one for R2. */
export function writeHints(root: string, id: string): void {
  write(root, `exercises/${id}/hints.md`, HINTS);
}

/** Writes a walk-through, the solution and a variant. */
export function writeSolution(root: string, id: string): void {
  const base = `solutions/${id}`;
  write(root, `${base}/README.md`, '# Walk-through\n\n**R1.** Two `times` the value.\n');
  write(root, `${base}/src/double.ts`, PROGRAMS.right);
  const sum = PROGRAMS.right.replace('value * 2', 'value + value');
  write(root, `${base}/variants/sum/src/double.ts`, sum);
  write(root, `${base}/variants/sum/README.md`, '# By adding\n\nIt adds. Nothing is multiplied.\n');
}

/** Puts a program in the place of the learner's files, and takes everything else in src/ away. */
export function writeProgram(root: string, id: string, program: keyof typeof PROGRAMS): void {
  rmSync(join(root, 'exercises', id, 'src'), { recursive: true, force: true });
  write(root, `exercises/${id}/src/double.ts`, PROGRAMS[program]);
}

function write(root: string, path: string, content: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const EXERCISE = {
  title: 'Twice as much',
  phase: 1,
  minutes: 30,
  difficulty: 1,
  requires: [],
  editable: ['src/**/*.ts'],
  parts: { numbers: { kind: 'module', entry: 'src/double.ts', exports: ['double'] } },
  rules: { R2: { needs: ['R1'] } },
};

const HINTS = `# Hints

## R1

1. Look at \`double\`.
2. Which sign multiplies?
3. \`return value * 2;\`

## R2

1. Try -1.
`;

const README = `# Twice as much

## Rules

### Core

- **R1** A number is doubled *(contract)*

### Extra

- **R2** A number below zero is doubled too *(contract)*
`;

const SUITE = `import { rule } from '#suite';

rule('R1', async (t) => {
  const value = t.random.integer(1, 1000);
  await t.mustReturnValue('double', [value], value * 2);
});

rule('R2', async (t) => {
  const value = -t.random.integer(1, 1000);
  await t.mustReturnValue('double', [value], value * 2);
});
`;
