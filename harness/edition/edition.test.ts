import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadExercise } from '../catalog/load-exercise.ts';
import { readHints } from '../catalog/hints.ts';
import { hiddenNames, hiddenText } from '../catalog/hidden.ts';
import { readSolution } from '../catalog/solution.ts';
import { readDiagnosis } from '../check/diagnosis.ts';
import { suiteDigest } from '../check/files.ts';
import { assignmentText, withExtension } from '../grade/assignment/write.ts';
import { parseAssignment } from '../grade/assignment/read.ts';
import { GIT_ENV, Repository, updated } from '../update/testing/clone.ts';
import { searchEdition } from './edition.ts';
import { readQuizIds } from './testing/quiz-ids.ts';
import { CANARIES, ClassWorkbook, FIRST, RIGHT, SECOND, SECRETS, STUB } from './testing/class-workbook.ts';

const HELD = new Map([[FIRST, new Set(['R3'])]]);

/** An assignment as `npm run assign` writes it, with more time for Ada. */
function assignment(...ids: string[]): string {
  const text = assignmentText('week-1', {
    title: 'Week 1',
    timezone: 'Europe/Berlin',
    due: '2026-12-04 23:59',
    graceMinutes: 0,
    late: { policy: 'none' },
    lateDays: 0,
    attempts: null,
    show: { before: 'full', after: 'full' },
    exercises: ids.map((id) => ({ id, weight: 1, asks: 'core' as const })),
    titles: new Map(),
  });
  return withExtension(text, { student: 'ada', due: '2026-12-11 23:59', exercise: null, why: 'was ill' })
    .text;
}

/** Everything that may stand in no file, in any of the forms that are easy to read. */
function given(files: Record<string, string>): string[] {
  const secrets = [...Object.values(CANARIES), ...Object.values(SECRETS)];
  return Object.entries(files).flatMap(([path, text]) => {
    const forms = [
      text,
      ...(text.match(/[A-Za-z0-9+/\n]{24,}=*/g) ?? []).flatMap((run) => {
        const bytes = Buffer.from(run, 'base64');
        try {
          return [bytes.toString('utf8'), gunzipSync(bytes).toString('utf8')];
        } catch {
          return [bytes.toString('utf8')];
        }
      }),
    ];
    return secrets
      .filter((secret) => forms.some((form) => form.includes(secret)))
      .map((secret) => `${path}: ${secret}`);
  });
}

describe('an edition', () => {
  test('has what learners need and nothing that is hidden, in any file and in any form', async () => {
    const workbook = new ClassWorkbook();
    const { files, fresh } = await workbook.make();
    const there = workbook.edition.files();
    expect(fresh).toBe(true);
    expect(Object.keys(there).toSorted()).toEqual(
      [
        '.gitignore',
        'AGENTS.md',
        'CLAUDE.md',
        'LICENSE',
        'README.md',
        'edition.json',
        'package-lock.json',
        'package.json',
        ...[FIRST, SECOND].flatMap((id) => [
          `exercises/${id}/README.md`,
          `exercises/${id}/exercise.json`,
          `exercises/${id}/given.json`,
          `exercises/${id}/hidden/suite.sealed`,
          `exercises/${id}/hints.md`,
          `exercises/${id}/quiz.json`,
          `exercises/${id}/src/total.ts`,
          `solutions/${id}/solution.sealed`,
          `solutions/${id}/stub/src/total.ts`,
        ]),
      ].toSorted(),
    );
    expect(files).toBe(Object.keys(there).length);
    expect(given(there)).toEqual([]);
    // The search itself can find: the source is full of it.
    expect(given(workbook.files()).length).toBeGreaterThan(8);
  });

  test('has the same suites, solutions and diagnoses in memory as the workbook', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    const [source, copy] = [workbook.root, workbook.edition.root].map((root) => loadExercise(root, FIRST));
    if (source?.ok !== true || copy?.ok !== true) throw new Error('not loaded');
    expect({ ...copy.exercise, folder: '', suites: [] }).toEqual({
      ...source.exercise,
      folder: '',
      suites: [],
    });
    expect(copy.exercise.suites).toEqual([join(copy.exercise.folder, 'hidden', 'sums.suite.ts')]);
    expect(suiteDigest(copy.exercise)).toBe(suiteDigest(source.exercise));
    expect(readDiagnosis(copy.exercise.folder)).toEqual(readDiagnosis(source.exercise.folder));
    expect(readDiagnosis(copy.exercise.folder).size).toBe(2);
    expect(await readSolution(workbook.edition.root, copy.exercise)).toMatchObject({
      ok: true,
      solution: { name: 'solution', title: 'Walk-through', files: new Map([['src/total.ts', RIGHT]]) },
      variants: [{ name: 'loop', title: 'By a loop', summary: 'It loops.' }],
    });
  });

  test('has the learners’ README and scripts alone, and asks assistants to coach', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    const readme = workbook.edition.read('README.md');
    expect(readme).toContain('npm run check 01-first R4            one rule\n');
    for (const gone of ['09-docker', 'An hour', 'npm run grade', 'npm run verify', 'For authors'])
      expect(readme).not.toContain(gone);
    expect(readme).toContain('This is a curtain, not a wall.');
    expect(workbook.edition.read(`exercises/${FIRST}/hidden/suite.sealed`)).toContain(
      'a curtain and not a wall',
    );
    expect(workbook.edition.read('edition.json')).toContain('a curtain, not a wall');
    const file = JSON.parse(workbook.edition.read('package.json')) as Record<string, unknown>;
    expect(file['scripts']).toEqual({ check: 'node check', prepare: 'node build' });
    expect(file['dependencies']).toEqual({ zod: '4.0.0' });
    expect(workbook.edition.read('package-lock.json')).toBe(workbook.read('package-lock.json'));
    expect(workbook.edition.read('AGENTS.md')).toContain('Please coach');
    expect(workbook.edition.read('CLAUDE.md')).toBe('@AGENTS.md\n');
  });

  test('has only files that git knows, and assignments; and learners begin with the stub', async () => {
    const workbook = new ClassWorkbook();
    workbook.write({
      [`exercises/${FIRST}/src/total.ts`]: RIGHT,
      [`exercises/${FIRST}/src/mine.ts`]: RIGHT,
      [`exercises/${FIRST}/answers.md`]: 'notes\n',
      [`solutions/${FIRST}/src/scratch.ts`]: 'export {};\n',
      [`exercises/${FIRST}/hidden/draft.suite.ts`]: 'rule();\n',
      '.workbook/progress.sqlite': 'mine\n',
      'node_modules/zod/index.js': 'x\n',
      'assignments/week-1.yaml': assignment(FIRST),
      'assignments/roster.csv': 'Ada\n',
    });
    await workbook.make();
    const there = workbook.edition.files();
    const added = ['mine.ts', 'answers.md', '.workbook', 'node_modules', 'roster'];
    expect(Object.keys(there).filter((path) => added.some((name) => path.includes(name)))).toEqual([]);
    expect(there['assignments/week-1.yaml']).toContain(`- id: ${FIRST}`);
    expect(there[`exercises/${FIRST}/src/total.ts`]).toBe(STUB);
    expect(hiddenNames(join(workbook.edition.root, 'exercises', FIRST))).toEqual([
      'diagnosis.json',
      'sums.suite.ts',
      'tools.ts',
    ]);
    const solution = await readSolution(workbook.edition.root, { id: FIRST, editable: ['src/**/*.ts'] });
    expect(solution.ok && [...solution.solution.files.keys()]).toEqual(['src/total.ts']);
  });

  test('has assignments without who got more time and why, and without a command that is not in it', async () => {
    const workbook = new ClassWorkbook();
    workbook.write({ 'assignments/week-1.yaml': assignment(FIRST, SECOND) });
    expect(workbook.read('assignments/week-1.yaml')).toMatch(/student: ada\n.*\n\s+why: was ill/);
    await workbook.make();
    const text = workbook.edition.read('assignments/week-1.yaml');
    expect(text).not.toMatch(/ada|ill|npm run assign/);
    expect(text).toContain('# An assignment of your class.\n# Times are');
    const read = parseAssignment(text, 'week-1.yaml', workbook.exercises);
    expect(read).toMatchObject({ ok: true, assignment: { exercises: [{ id: FIRST }, { id: SECOND }] } });
  });

  test('has no assignment for another class', async () => {
    const workbook = new ClassWorkbook();
    workbook.write({
      'assignments/week-1.yaml': assignment(FIRST),
      'assignments/week-2.yaml': assignment(SECOND),
    });
    const { otherAssignments } = await workbook.make({ exercises: workbook.exercises.slice(0, 1) });
    expect(otherAssignments).toEqual(['assignments/week-2.yaml']);
    expect(workbook.edition.has('assignments/week-1.yaml')).toBe(true);
    expect(workbook.edition.has('assignments/week-2.yaml')).toBe(false);
  });

  test('has the exercises that were asked for', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make({ exercises: workbook.exercises.slice(0, 1) });
    expect(Object.keys(workbook.edition.files()).filter((path) => path.includes(SECOND))).toEqual([]);
  });
});

describe('a rule that is held back', () => {
  test('is in no list, no suite, no hint, no diagnosis and no question; what others need stays', async () => {
    const workbook = new ClassWorkbook();
    const { exercises, mentions, sealedMentions } = await workbook.make({ held: HELD });
    const { root } = workbook.edition;
    const loaded = loadExercise(root, FIRST);
    if (!loaded.ok) throw new Error('not loaded');
    const { exercise } = loaded;
    expect(exercise.rules.map(({ id }) => id)).toEqual(['R1', 'R2', 'R4']);
    expect(workbook.edition.read(`exercises/${FIRST}/exercise.json`)).not.toContain('R3');
    const hints = readHints(exercise);
    expect(hints.ok && [...hints.hints.keys()]).toEqual(['R1', 'R4']);
    expect(readQuizIds(root, FIRST)).toEqual(['one']);
    expect([...readDiagnosis(exercise.folder).values()]).toEqual([
      { mistake: 'counts', often: 'numbers are counted, not added', breaks: ['R1'] },
    ]);
    const suite = hiddenText(exercise.folder, 'sums.suite.ts');
    const tools = hiddenText(exercise.folder, 'tools.ts');
    expect(suite).not.toMatch(/R3|below|zero/);
    expect(suite).toContain("import { many, some } from './tools.ts';");
    expect(tools).not.toMatch(/R3|below|LEAST/);
    expect(tools).toContain('export const many');
    const solution = await readSolution(root, exercise);
    expect(solution.ok && solution.solution.text).not.toMatch(/R3|below/);
    // Prose cannot be rewritten by a machine: the instructor is told where to look.
    expect(mentions).toEqual([{ path: `exercises/${FIRST}/README.md`, lines: [5] }]);
    expect(sealedMentions).toEqual([]);
    expect(exercises[0]?.heldBack).toEqual([{ id: 'R3', title: 'Numbers below zero are added too' }]);
    expect(exercises[0]?.suite).toBe(suiteDigest(exercise));
    // The other exercise is as it was.
    const other = loadExercise(root, SECOND);
    expect(other.ok && other.exercise.rules.length).toBe(4);
  });
});

test('a walk-through that still names a rule which is held back is told by its lines in the workbook', async () => {
  const workbook = new ClassWorkbook();
  const path = `solutions/${FIRST}/README.md`;
  workbook.write({ [path]: `${workbook.read(path)}\n**R3.** This goes.\n\nAs R3 asks, it adds.\n` });
  const { sealedMentions } = await workbook.make({ held: HELD });
  const line = workbook.read(path).split('\n').indexOf('As R3 asks, it adds.') + 1;
  expect(sealedMentions).toEqual([{ path, lines: [line] }]);
});

describe('made anew', () => {
  test('an edition keeps its key and every byte that did not change', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    const before = workbook.edition.files();
    expect(await workbook.make()).toMatchObject({ fresh: false, written: [], removed: [] });
    expect(workbook.edition.files()).toEqual(before);

    const tools = `exercises/${FIRST}/hidden/tools.ts`;
    workbook.write({ [tools]: `${workbook.read(tools)}\nexport const more = 1;\n` });
    const { written } = await workbook.make();
    expect(written).toEqual([`exercises/${FIRST}/hidden/suite.sealed`]);
  });

  test('it loses what it no longer has, and nothing else', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    workbook.edition.write({ 'COURSE.md': 'ours\n', '.github/workflows/own.yml': 'ours\n' });
    const { removed } = await workbook.make({ exercises: workbook.exercises.slice(0, 1) });
    expect(removed.every((path) => path.includes(SECOND))).toBe(true);
    expect(workbook.edition.has(`exercises/${SECOND}`)).toBe(false);
    expect(workbook.edition.read('COURSE.md')).toBe('ours\n');
    expect(workbook.edition.has('.github/workflows/own.yml')).toBe(true);
    expect(workbook.edition.read('edition.json')).not.toContain(SECOND);
  });

  test('it never takes away a file outside of its folder, whatever edition.json says', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    writeFileSync(join(workbook.base, 'precious.txt'), 'mine');
    const edition = JSON.parse(workbook.edition.read('edition.json')) as { files: string[] };
    edition.files.push('../precious.txt', 'C:/x', '/etc/hosts');
    workbook.edition.write({ 'edition.json': JSON.stringify(edition) });
    await workbook.make();
    expect(new Repository(workbook.base).read('precious.txt')).toBe('mine');
  });

  test('a learner’s clone gets the newer one with npm run update, and keeps its own files', async () => {
    const workbook = new ClassWorkbook();
    const { edition } = workbook;
    await workbook.make();
    edition.git('init', '--quiet', '--template=', '--initial-branch=main');
    edition.commit();
    new Repository(workbook.base).git('clone', '--quiet', '--template=', 'class', 'learner');
    const learner = new Repository(join(workbook.base, 'learner'));
    learner.write({ [`exercises/${FIRST}/src/total.ts`]: RIGHT, [`exercises/${FIRST}/src/own.ts`]: STUB });

    const suite = `exercises/${FIRST}/hidden/sums.suite.ts`;
    workbook.write({
      [suite]: workbook.read(suite).replace('10_000', '20_000').replace("'a few'", "'several'"),
    });
    await workbook.make();
    edition.commit();
    const result = await updated(learner);
    expect(result).toMatchObject({
      kind: 'updated',
      changes: { exercises: [{ id: FIRST, kind: 'changed', what: ['suite'] }], others: [] },
      aside: { paths: [] },
    });
    expect(learner.read(`exercises/${FIRST}/src/total.ts`)).toBe(RIGHT);
    expect(learner.has(`exercises/${FIRST}/src/own.ts`)).toBe(true);
    expect(hiddenText(join(learner.root, 'exercises', FIRST), 'sums.suite.ts')).toContain("'several'");
  });
});

describe('refused, and nothing is written', () => {
  test.each<[string, (workbook: ClassWorkbook) => void, RegExp]>([
    [
      'a folder with other files',
      ({ edition }) => edition.write({ 'mine.txt': 'x' }),
      /not empty.*"mine\.txt"/,
    ],
    ['a workbook without git', ({ root }) => rmSync(join(root, '.git'), { recursive: true }), /git knows/],
    [
      'a link in the place of a file',
      (workbook) => {
        rmSync(join(workbook.root, 'exercises', FIRST, 'given.json'));
        symlinkSync('/etc/hostname', join(workbook.root, 'exercises', FIRST, 'given.json'));
      },
      /given\.json of this workbook cannot be handed out\. It is a link/,
    ],
    [
      'an assignment with a mistake',
      (workbook) => workbook.write({ 'assignments/week-1.yaml': 'exercises: [01-first]\n' }),
      /An assignment cannot be handed out\. [^]*week-1\.yaml[^]*npm run assign/,
    ],
  ])('%s', async (_what, prepare, message) => {
    const workbook = new ClassWorkbook();
    prepare(workbook);
    const before = new Repository(workbook.base).files();
    expect(await workbook.attempt()).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message) as string,
    });
    expect(new Repository(workbook.base).files()).toEqual(before);
  });

  test('an assignment that also asks for exercises which are not in the edition', async () => {
    const workbook = new ClassWorkbook();
    workbook.write({ 'assignments/week-1.yaml': assignment(FIRST, SECOND) });
    expect(await workbook.attempt({ exercises: workbook.exercises.slice(0, 1) })).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/week-1\.yaml also asks for 02-second: /) as string,
    });
    expect(workbook.edition.has('.')).toBe(false);
  });

  test('an edition in which somebody has worked', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    workbook.edition.write({ [`exercises/${SECOND}/src/more.ts`]: 'export {};\n' });
    expect(await workbook.attempt()).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(`npm run reset ${SECOND}`) as string,
    });
  });
});

describe('a leak', () => {
  test('is found before anything is written', async () => {
    const workbook = new ClassWorkbook();
    // Somebody pasted something of a suite into a file that is handed out.
    workbook.commit({ 'tsconfig.json': `// ${CANARIES.tools}\n` });
    expect(await workbook.attempt()).toEqual({
      kind: 'leaked',
      leaks: [{ path: 'tsconfig.json', what: `canary ${CANARIES.tools}` }],
    });
    expect(workbook.edition.has('.')).toBe(false);
  });

  test('is found in an edition that lies there, whatever dress it wears', async () => {
    const workbook = new ClassWorkbook();
    await workbook.make();
    const { exercises, root } = workbook;
    const search = { root, exercises, env: GIT_ENV, folder: workbook.edition.root };
    expect(await searchEdition(search)).toMatchObject({ ok: true, leaks: [] });
    const step = "await step(t, 'a few', async () => t.mustReturnValue('total', [numbers], sum(numbers)));";
    const leaks: [path: string, text: string, what: RegExp][] = [
      ['.workbook/build/x.js', `const x = 1; // canary ${CANARIES.suite}\n`, /^canary/],
      ['harness/x.ts', `const x = 1;\n      ${step}\n`, /^the line await step/],
      ['answers.md', `See:\n\n    ${SECRETS.solution.trim()}\n`, /^the line return numbers/],
      [`exercises/${FIRST}/hidden/sums.suite.ts`, 'x\n', /^its name$/],
      [`solutions/${FIRST}/mistakes/minus.yaml`, 'x\n', /^its name$/],
      [`solutions/${FIRST}/src/total.ts`, STUB, /^its name$/],
      ['x.gz.txt', gzipSync(RIGHT).toString('base64'), /^the line.*\(packed\)/],
      ['x.json', JSON.stringify({ text: RIGHT }), /^the line return numbers/],
      ['x.txt', Buffer.from(`// canary ${CANARIES.second}\n`).toString('base64'), /^canary.*\(packed\)$/],
    ];
    workbook.edition.write(Object.fromEntries(leaks.map(([path, text]) => [path, text])));
    // A copy that was kept of what somebody wrote, which git ignores.
    workbook.edition.write({ '.workbook/kept/01-first/total.ts': RIGHT });
    const found = await searchEdition(search);
    const byPath = (one: { path: string }, other: { path: string }): number =>
      one.path < other.path ? -1 : 1;
    expect(found.ok && found.leaks.toSorted(byPath)).toEqual(
      leaks.map(([path, , what]) => ({ path, what: expect.stringMatching(what) as string })).toSorted(byPath),
    );
  });
});
