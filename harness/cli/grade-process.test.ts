import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeFiles } from '../catalog/temp-workbook.ts';
import { parseGrades } from '../grade/grades.ts';
import type { Grades, Mark } from '../grade/grades.ts';
import { zipOf } from '../grade/testing/zip.ts';
import { parseVerdict } from '../verdict/verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import type { Ended } from './testing/built-workbook.ts';
import { FIRST, PROGRAMS, SECOND } from './testing/made-exercises.ts';

/** The whole way of a mark, as a process: a fork beside the workbook, and a folder for the reports. */
let workbook: BuiltWorkbook;
let fork: string;
let out: string;

beforeAll(async () => {
  workbook = await BuiltWorkbook.built();
}, 60_000);
beforeEach(() => {
  workbook.restore();
  const base = mkdtempSync(join(dirname(workbook.root), 'submission-'));
  fork = join(base, 'fork');
  out = join(base, 'out');
  writeFiles(fork, { [`exercises/${FIRST}/src/double.ts`]: PROGRAMS.core });
});
afterAll(() => workbook.remove());

const SLOW = 60_000;

async function grade(more: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> {
  const argv = [
    'grade',
    '--submission',
    fork,
    '--exercise',
    FIRST,
    '--out',
    out,
    '--isolation',
    'permission',
  ];
  return await workbook.run([...argv, ...more], { env });
}

function grades(): Grades {
  const read = parseGrades(JSON.parse(readFileSync(join(out, 'grades.json'), 'utf8')));
  if (!read.ok) throw new Error(read.problem);
  return read.grades;
}

function verdict(id = FIRST): Verdict {
  const read = parseVerdict(JSON.parse(readFileSync(join(out, 'verdicts', `${id}.json`), 'utf8')));
  if (!read.ok) throw new Error(read.problem);
  return read.verdict;
}

/** What must be the same whatever else lies in a submission. */
const lasting = ({ provenance, ...mark }: Mark) => ({ ...mark, provenance: { ...provenance, at: '' } });

test(
  'a mark says who, what, how and with which suite',
  async () => {
    const { code, out: page } = await grade();
    expect(code).toBe(0);
    expect(page).toContain(`${FIRST}  passed · 1 of 1 core · 1 of 2 points · isolation permission`);
    const [mark] = grades().exercises;
    expect(mark).toMatchObject({
      status: 'passed',
      mastered: false,
      points: 1,
      maxPoints: 2,
      isolation: 'permission',
    });
    expect(mark?.provenance).toMatchObject({ judge: 'local', run: null, commit: null });
    expect(verdict()).toMatchObject({
      status: 'passed',
      isolation: 'permission',
      suite: mark?.provenance.suiteDigest,
      files: mark?.provenance.filesDigest,
    });
    expect(readdirSync(out).toSorted()).toEqual([
      'grades.json',
      'junit.xml',
      'results.json',
      'summary.md',
      'verdicts',
    ]);
    expect(workbook.leftovers()).toEqual([]);
  },
  SLOW,
);

test(
  'a fork whose suites, manifests, packages, config and workflows were all replaced gets the same mark as before',
  async () => {
    await grade();
    const before = grades().exercises.map(lasting);
    const passing = "import { rule } from '#suite';\nrule('R1', () => {});\nrule('R2', () => {});\n";
    const evil = 'throw new Error("it was read");\n';
    writeFiles(fork, {
      [`exercises/${FIRST}/hidden/double.suite.ts`]: passing,
      [`exercises/${FIRST}/hidden/diagnosis.json`]: '{}',
      [`exercises/${FIRST}/exercise.json`]: '{ "editable": ["**/*"], "rules": {} }',
      [`exercises/${FIRST}/README.md`]: '# Nothing\n\n## Rules\n\n### Core\n\n### Extra\n',
      [`exercises/${FIRST}/src/package.json`]: '{ "type": "commonjs" }',
      [`exercises/${FIRST}/src/tsconfig.json`]: '{ "extends": "./nowhere" }',
      [`solutions/${FIRST}/stub/src/double.ts`]: PROGRAMS.right,
      'harness/check/check.ts': evil,
      'scripts/grade.ts': evil,
      '.workbook/build/scripts/grade.js': evil,
      '.workbook/progress.sqlite': 'x',
      'package.json':
        '{ "scripts": { "grade": "exit 0", "preinstall": "exit 1" }, "imports": { "#suite": "./x.js" } }',
      'package-lock.json': '{}',
      'tsconfig.json': '{ "extends": "./nowhere" }',
      'vitest.config.ts': evil,
      'vite.config.js': evil,
      'postcss.config.cjs': evil,
      'babel.config.js': evil,
      '.swcrc': '{',
      '.npmrc': 'script-shell=/bin/false\n',
      '.env': 'NODE_OPTIONS=--inspect\n',
      '.gitattributes': '* filter=evil\n',
      '.github/workflows/grade.yml': 'on: pull_request_target\n',
      'node_modules/vitest/index.js': evil,
    });
    await grade();
    expect(grades().exercises.map(lasting)).toEqual(before);
  },
  SLOW,
);

test(
  'an archive gets the same mark as the folder that was packed, and two exercises are summed up',
  async () => {
    writeFileSync(
      `${fork}.zip`,
      zipOf([
        { name: `fork/exercises/${FIRST}/src/double.ts`, content: PROGRAMS.core },
        { name: `fork/exercises/${SECOND}/src/double.ts`, content: PROGRAMS.stub },
        { name: `fork/exercises/${SECOND}/src/link.ts`, content: '/etc/passwd', mode: 0o120777 },
      ]),
    );
    const { code, out: page } = await grade([
      '--submission',
      `${fork}.zip`,
      '--exercise',
      FIRST,
      '--exercise',
      SECOND,
    ]);
    expect(code).toBe(1);
    expect(grades()).toMatchObject({
      passed: false,
      points: 1,
      maxPoints: 4,
      submission: { kind: 'archive' },
    });
    expect(page).toContain('1 file taken, 1 refused:\n    src/link.ts: It is a link');
  },
  SLOW,
);

test(
  'an archive that is none is an error of its own, and no mark',
  async () => {
    writeFileSync(`${fork}.zip`, 'hello');
    const { code } = await grade(['--submission', `${fork}.zip`]);
    expect(code).toBe(1);
    expect(grades().exercises[0]).toMatchObject({ status: 'error', error: 'files', points: 0 });
  },
  SLOW,
);

describe('what is the judge’s own', () => {
  test(
    'no variable of the judge reaches a program',
    async () => {
      const program = `console.log(JSON.stringify(process.env), process.execArgv.join());\n${PROGRAMS.right}`;
      writeFiles(fork, { [`exercises/${FIRST}/src/double.ts`]: program });
      const { code } = await grade([], {
        REDIS_URL: 'redis://canary-redis.test',
        CANARY: 'canary-value',
        NODE_OPTIONS: '--title=canary-title',
        NODE_PATH: '/canary-path',
        GITHUB_TOKEN: 'canary-token',
        VITEST_CANARY: 'canary-vitest',
      });
      expect(code).toBe(0);
      const { text } = verdict().output;
      expect(text).toContain('{}');
      expect(text).not.toContain('canary');
    },
    SLOW,
  );

  test(
    'progress plays no part in a grade, and a grade none in progress',
    async () => {
      writeFiles(workbook.root, { [`exercises/${FIRST}/src/double.ts`]: PROGRAMS.right });
      expect((await workbook.run(['check', FIRST])).code).toBe(0);
      const kept = join(workbook.root, '.workbook');
      const progress = (): string[] =>
        readdirSync(kept)
          .filter((name) => name.startsWith('progress'))
          .map((name) => `${name} ${readFileSync(join(kept, name)).toString('base64')}`);
      const before = progress();
      expect(before).not.toEqual([]);
      writeFiles(fork, { [`exercises/${FIRST}/src/double.ts`]: PROGRAMS.stub });
      expect((await grade()).code).toBe(1);
      expect(grades().points).toBe(0);
      expect(progress()).toEqual(before);
    },
    SLOW,
  );

  test(
    'files of the very working copy that judges are self-reported, and that is said',
    async () => {
      const { out: page } = await grade(['--submission', workbook.root]);
      expect(page).toContain('self-reported');
      expect(grades().exercises[0]?.provenance.judge).toBe('self-reported');
    },
    SLOW,
  );
});

describe('in GitHub Actions', () => {
  const CI = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'school/grading',
    GITHUB_RUN_ID: '7',
    GITHUB_SHA: 'a'.repeat(40),
  };

  test(
    'what failed is annotated, the page is added to the summary, and the run is named',
    async () => {
      writeFiles(fork, { [`exercises/${FIRST}/src/double.ts`]: PROGRAMS.stub });
      const summary = join(dirname(fork), 'summary');
      writeFileSync(summary, 'before\n');
      const { code, out: page } = await grade([], { ...CI, GITHUB_STEP_SUMMARY: summary });
      expect(code).toBe(1);
      expect(page).toMatch(new RegExp(`^::error title=${FIRST} R1 `, 'm'));
      expect(readFileSync(summary, 'utf8')).toBe(`before\n${readFileSync(join(out, 'summary.md'), 'utf8')}`);
      expect(grades().exercises[0]?.provenance).toMatchObject({ judge: 'ci', run: { runId: '7' } });
    },
    SLOW,
  );

  test(
    'a program that prints workflow commands makes none',
    async () => {
      const printed = "console.log('\\n::error title=x::forged\\n##[error]forged\\n::stop-commands::x');\n";
      writeFiles(fork, { [`exercises/${FIRST}/src/double.ts`]: `${printed}${PROGRAMS.right}` });
      const { out: page, err } = await grade([], CI);
      expect(`${page}${err}`).not.toMatch(/^\s*::|##\[/m);
    },
    SLOW,
  );

  test(
    'with --json stdout is one document',
    async () => {
      const { out: text } = await grade(['--json'], CI);
      expect(parseGrades(JSON.parse(text))).toEqual({ ok: true, grades: grades() });
    },
    SLOW,
  );
});

test(
  'with --detail the verdict tells less, and the mark is the same',
  async () => {
    writeFiles(fork, { [`exercises/${FIRST}/src/double.ts`]: `console.log('told');\n${PROGRAMS.core}` });
    await grade();
    const whole = grades().exercises.map(lasting);
    expect(verdict().output.text).toContain('told');
    await grade(['--detail', 'rules']);
    expect(grades().exercises.map(lasting)).toEqual(whole);
    expect(verdict().output.text).toBe('');
    expect(verdict().rules.map(({ status, message }) => [status, message])).toEqual([
      ['passed', null],
      ['failed', null],
    ]);
    await grade(['--detail', 'score']);
    expect(grades().exercises.map(lasting)).toEqual(whole);
    expect(verdict().rules).toEqual([]);
  },
  SLOW,
);
