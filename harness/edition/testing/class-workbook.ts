import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listExercises } from '../../catalog/catalog.ts';
import type { Exercise } from '../../catalog/exercise.ts';
import { temporaryFolder } from '../../catalog/temp-workbook.ts';
import { GIT_ENV, Repository } from '../../update/testing/clone.ts';
import { makeEdition } from '../edition.ts';
import type { EditionMade, EditionRequest, MadeOrNot } from '../edition.ts';

export const FIRST = '01-first';
export const SECOND = '02-second';

/** Each hidden file begins with one of these. */
export const CANARIES = {
  suite: 'c0ffee00c0ffee00c0ffee01',
  tools: 'c0ffee00c0ffee00c0ffee02',
  second: 'c0ffee00c0ffee00c0ffee03',
};

/** Lines that only sealed files and those that are left out may have. */
export const SECRETS = {
  solution: "  return numbers.reduce((sum, number) => sum + number, 'solution'.length - 8);",
  variant: '  for (const number of numbers) total = total + number; // the other way',
  mistake: '  return numbers.reduce((sum, number) => sum - number, 0); // a mistake',
};

export const STUB = 'export function total(numbers: number[]): number {\n  return numbers.length;\n}\n';
export const RIGHT = `export function total(numbers: number[]): number {\n${SECRETS.solution}\n}\n`;

const SPEC = `# Sums

## Contract

\`total\` adds numbers. R3 is the small print.

## Rules

### Core

- **R1** Numbers are added *(contract)*

### Extra

- **R2** No numbers make nothing *(contract)*
- **R3** Numbers below zero
  are added too *(contract)*
- **R4** Ten thousand numbers are added *(contract)*

## Further reading

Nothing.
`;

const EXERCISE = {
  title: 'Sums',
  phase: 1,
  minutes: 30,
  difficulty: 1,
  editable: ['src/**/*.ts'],
  parts: { sums: { kind: 'module', entry: 'src/total.ts', exports: ['total'] } },
  rules: { R2: { needs: ['R1'] }, R3: { needs: ['R1'] }, R4: { needs: ['R2'] } },
};

const SUITE = `// canary ${CANARIES.suite}
import { rule, step } from '#suite';
import { below, many, some } from './tools.ts';

rule('R1', async (t) => {
  const numbers = some(t.random.integer(2, 9));
  await step(t, 'a few', async () => t.mustReturnValue('total', [numbers], sum(numbers)));
});

rule('R2', async (t) => {
  await t.mustReturnValue('total', [[]], 0);
});

// What is below zero is a number as well.
rule('R3', async (t) => {
  await t.mustReturnValue('total', [below()], sum(below()));
});

rule('R4', async (t) => {
  await t.mustReturnValue('total', [many()], sum(many()));
});

function sum(numbers: number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
`;

const TOOLS = `// canary ${CANARIES.tools}
/** A few numbers. */
export const some = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Numbers that R3 alone asks for. */
export function below(): number[] {
  return some(LEAST).map((number) => -number);
}

const LEAST = 7;

export const many = (): number[] => some(10_000);
`;

const DIAGNOSIS = {
  '0000000000000001': { mistake: 'counts', often: 'numbers are counted, not added', breaks: ['R1', 'R3'] },
  '0000000000000002': { mistake: 'no-sign', often: 'the sign of a number gets lost', breaks: ['R3'] },
};

const quiz = (id: string, text: string): object => ({
  id,
  question: text,
  options: [
    { text: 'Yes', correct: true, why: 'It is so, by definition.' },
    { text: 'No', correct: false, why: 'It is not so, by definition.' },
    { text: 'Maybe', correct: false, why: 'It is not so, by definition.' },
  ],
  source: 'contract',
});

/** All files of an exercise with stub, solution, variant, a mistake and a broken program. */
function exercise(id: string, suite: string, requires: string[] = []): Record<string, string> {
  const own = `exercises/${id}`;
  const ours = `solutions/${id}`;
  return {
    [`${own}/README.md`]: SPEC,
    [`${own}/exercise.json`]: JSON.stringify({ ...EXERCISE, requires }, null, 2),
    [`${own}/hints.md`]: '# Hints\n\n## R1\n\n1. Add.\n\n## R3\n\n1. Minus is a sign.\n\n## R4\n\n1. Wait.\n',
    [`${own}/quiz.json`]: JSON.stringify({
      questions: [quiz('one', 'Is a sum a number?'), quiz('two', 'Why does R3 ask for signs?')],
    }),
    [`${own}/given.json`]: '{ "given": true }\n',
    [`${own}/src/total.ts`]: STUB,
    [`${own}/hidden/sums.suite.ts`]: suite,
    [`${own}/hidden/tools.ts`]: TOOLS,
    [`${own}/hidden/diagnosis.json`]: JSON.stringify(DIAGNOSIS),
    [`${ours}/README.md`]:
      '# Walk-through\n\nAdding is easy.\n\n- **R1.** A sum.\n- **R3.** A sum of what is\n  below zero.\n- **R4.** A long one.\n',
    [`${ours}/src/total.ts`]: RIGHT,
    [`${ours}/stub/src/total.ts`]: STUB,
    [`${ours}/variants/loop/README.md`]: '# By a loop\n\nIt loops.\n',
    [`${ours}/variants/loop/src/total.ts`]: `let total = 0;\n${SECRETS.variant}\n`,
    [`${ours}/mistakes/minus.yaml`]: `replace: |\n  ${SECRETS.mistake}\n`,
    [`${ours}/broken/minus.yaml`]: `replace: |\n  ${SECRETS.mistake}\n`,
  };
}

const README = `# The workbook

For everybody.

## For learners

    npm run check 01-http-server R4      one rule
    npm run check -- 09-docker --live    with Docker

### An hour, in short

Rules of 01-http-server.

## For instructors: grade a fork

    npm run grade

## For authors

    npm run verify

## Licence

MIT
`;

/** Made once and copied for each test: git takes much longer than a copy. */
let template: string | null = null;

function templateFolder(): string {
  if (template !== null) return template;
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-class-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  template = folder;
  const repository = new Repository(folder);
  repository.git('init', '--quiet', '--template=', '--initial-branch=main');
  repository.commit({
    'README.md': README,
    LICENSE: 'MIT\n',
    '.gitignore': 'node_modules/\n.workbook/\n',
    'package.json': JSON.stringify({
      name: 'workbook',
      version: '1.2.3',
      scripts: { check: 'node check', verify: 'node verify', prepare: 'node build', grade: 'node grade' },
      dependencies: { zod: '4.0.0' },
    }),
    'package-lock.json': '{ "lockfileVersion": 3 }\n',
    'harness/check/corpus/trick.ts': `${SECRETS.mistake}\n`,
    ...exercise(FIRST, SUITE),
    ...exercise(SECOND, SUITE.replace(CANARIES.suite, CANARIES.second), [FIRST]),
  });
  return folder;
}

/** For tests: a workbook in git, with two small exercises and nothing of the harness. It is gone after the test. */
export class ClassWorkbook extends Repository {
  /** The folder in which it lies, with room for editions. */
  readonly base: string;

  constructor() {
    const base = temporaryFolder();
    super(join(base, 'workbook'));
    this.base = base;
    cpSync(templateFolder(), this.root, { recursive: true });
  }

  get exercises(): Exercise[] {
    const listed = listExercises(this.root);
    if (!listed.ok) throw new Error(listed.problem.message);
    return listed.exercises.flatMap((each) => (each.ok ? [each.exercise] : []));
  }

  /** The folder of the edition that `make` makes. */
  get edition(): Repository {
    return new Repository(join(this.base, 'class'));
  }

  async attempt(changes: Partial<EditionRequest> = {}): Promise<MadeOrNot> {
    return await makeEdition({
      root: this.root,
      out: this.edition.root,
      exercises: this.exercises,
      held: new Map(),
      env: GIT_ENV,
      ...changes,
    });
  }

  /** Makes an edition that has to come out well. */
  async make(changes: Partial<EditionRequest> = {}): Promise<EditionMade> {
    const made = await this.attempt(changes);
    if (made.kind !== 'made') throw new Error(JSON.stringify(made));
    return made.edition;
  }
}
