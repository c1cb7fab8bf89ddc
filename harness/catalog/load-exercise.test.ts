import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeProblem, loadExercise } from './load-exercise.ts';
import { EXERCISE_FILE, README, temporaryFolder, temporaryWorkbook, writeFiles } from './temp-workbook.ts';

function problemOf(root: string, id = '04-jwt') {
  const loaded = loadExercise(root, id);
  return loaded.ok ? null : loaded.problem;
}

test('a valid exercise is loaded whole', () => {
  const { root, folder } = temporaryWorkbook();
  expect(loadExercise(root, '04-jwt')).toEqual({
    ok: true,
    exercise: {
      id: '04-jwt',
      folder,
      title: 'Tokens by hand, then middleware',
      phase: 2,
      minutes: 150,
      difficulty: 3,
      requires: ['03-crud-api'],
      editable: ['src/**/*.ts'],
      parts: [
        {
          name: 'tokens',
          kind: 'module',
          entry: 'src/tokens.ts',
          exports: ['sign'],
          packages: [],
          modules: ['node:crypto'],
        },
        {
          name: 'api',
          kind: 'http',
          entry: 'src/app.ts',
          exports: ['createApp'],
          packages: ['express'],
          modules: null,
        },
      ],
      rules: [
        {
          id: 'R1',
          tier: 'core',
          title: 'sign gives three segments',
          citation: 'RFC 7519 §3.1',
          part: 'tokens',
          needs: [],
          keep: false,
          evidence: 'outside',
          graded: false,
        },
        {
          id: 'R2',
          tier: 'core',
          title: 'A changed token is refused',
          citation: 'RFC 7515 §5.2',
          part: 'tokens',
          needs: ['R1'],
          keep: false,
          evidence: 'outside',
          graded: false,
        },
        {
          id: 'R3',
          tier: 'extra',
          title: 'GET /me needs a token',
          citation: 'RFC 6750 §3.1',
          part: 'api',
          needs: ['R1', 'R2'],
          keep: true,
          evidence: 'inside',
          graded: false,
        },
      ],
      suites: [join(folder, 'hidden', 'api.suite.ts'), join(folder, 'hidden', 'tokens.suite.ts')],
    },
  });
});

describe('a mistake in exercise.json that shows beside other files', () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a rule that the README does not have', { rules: { R9: {} } }, 'rules.R9', /README.md has no rule R9/],
    ['an unknown part', { rules: { R1: { part: 'web' } } }, 'rules.R1.part', /no part "web"/],
    ['a part that every object has', { rules: { R1: { part: 'toString' } } }, 'rules.R1.part', /no part/],
    ['an unknown need', { rules: { R2: { needs: ['R1', 'R7'] } } }, 'rules.R2.needs.1', /no rule R7/],
    [
      'a core rule that needs an extra one',
      { rules: { R2: { needs: ['R3'] } } },
      'rules.R2.needs.0',
      /R3, which is extra/,
    ],
    [
      'a core rule that is held back',
      { rules: { R2: { graded: true } } },
      'rules.R2.graded',
      /R2 is core: a pass in the edition would not be a pass/,
    ],
    [
      'a rule that the stub keeps, held back',
      { rules: { R3: { keep: true, graded: true } } },
      'rules.R3.graded',
      /kept by the stub/,
    ],
    ['a rule that needs itself', { rules: { R1: { needs: ['R1'] } } }, 'rules.R1.needs', /R1 → R1/],
    [
      'a circle',
      { rules: { R1: { needs: ['R2'] }, R2: { needs: ['R1'] }, R3: { needs: ['R1'] } } },
      'rules.R1.needs',
      /circle: R1 → R2 → R1/,
    ],
    ['an exercise that requires itself', { requires: ['04-jwt'] }, 'requires.0', /requires itself/],
    ['an exercise that nobody knows', { requires: ['03-crud-api', '77-none'] }, 'requires.1', /"77-none"/],
    [
      'a glob that takes in the suite',
      { editable: ['src/*.ts', '**/*.ts'] },
      'editable.1',
      /hidden\/api.suite.ts/,
    ],
    ['a glob that takes in the spec', { editable: ['src/**/*.ts', '*.md'] }, 'editable.1', /README.md/],
    [
      'an entry that nobody may edit',
      { editable: ['lib/**/*.ts'] },
      'parts.tokens.entry',
      /"src\/tokens.ts"/,
    ],
  ])('%s', (_name, changes, key, message) => {
    const { root } = temporaryWorkbook(changes);
    expect(problemOf(root)).toEqual({
      file: 'exercises/04-jwt/exercise.json',
      key,
      message: expect.stringMatching(message),
      expected: expect.stringMatching(/./),
    });
  });

  test('an exercise beyond the roadmap may be required when its folder is there', () => {
    const { root } = temporaryWorkbook({ requires: ['77-own'] });
    mkdirSync(join(root, 'exercises', '77-own'));
    expect(loadExercise(root, '04-jwt').ok).toBe(true);
  });

  test('a long chain of needs is no circle', () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => `R${index + 1}`);
    const rules = Object.fromEntries(ids.slice(0, -1).map((id, index) => [id, { needs: [ids[index + 1]] }]));
    const { root, folder } = temporaryWorkbook({ rules });
    const lines = ids.map((id) => `- **${id}** x *(y)*`);
    writeFiles(folder, { 'README.md': ['# Rules', '## Core', ...lines].join('\n') });
    expect(problemOf(root)).toBeNull();
  });
});

describe('a mistake inside one file', () => {
  test('damaged JSON is named with its place', () => {
    const { root, folder } = temporaryWorkbook();
    writeFiles(folder, { 'exercise.json': '{\n  "title": "x"\n  "phase": 1\n}\n' });
    expect(problemOf(root)).toEqual({
      file: 'exercises/04-jwt/exercise.json',
      key: 'line 3, column 3',
      expected: 'a comma or }',
      message: expect.any(String),
    });
  });

  test('a wrong type is named with its key', () => {
    const { root } = temporaryWorkbook({ minutes: 'two hours' });
    expect(problemOf(root)).toMatchObject({ key: 'minutes', message: 'The value is "two hours".' });
  });

  test('a damaged rule of the README is named with its line', () => {
    const { root, folder } = temporaryWorkbook();
    writeFiles(folder, { 'README.md': README.replace(' *(RFC 7515 §5.2)*', '') });
    expect(problemOf(root)).toMatchObject({ file: 'exercises/04-jwt/README.md', key: 'line 8' });
  });
});

describe('what a disk can do is a problem, never an exception', () => {
  const place = 'exercises/04-jwt';

  test.each([
    ['exercise.json', 'exercise.json'],
    ['README.md', 'README.md'],
    ['hidden', 'hidden'],
    ['', ''],
  ])('%j is missing', (name, file) => {
    const { root, folder } = temporaryWorkbook();
    rmSync(join(folder, name), { recursive: true });
    expect(problemOf(root)).toMatchObject({
      file: file === '' ? place : `${place}/${file}`,
      key: null,
      message: 'It does not exist.',
    });
  });

  test.each(['exercise.json', 'README.md'])('%s is a folder', (name) => {
    const { root, folder } = temporaryWorkbook();
    rmSync(join(folder, name));
    mkdirSync(join(folder, name));
    expect(problemOf(root)).toMatchObject({
      file: `${place}/${name}`,
      message: expect.stringContaining('folder'),
    });
  });

  test.each(['hidden', ''])('%j is a file', (name) => {
    const { root, folder } = temporaryWorkbook();
    rmSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name), '');
    expect(problemOf(root)).toMatchObject({ message: 'It is not a folder.' });
  });

  test('there is no suite', () => {
    const { root, folder } = temporaryWorkbook();
    rmSync(join(folder, 'hidden'), { recursive: true });
    writeFiles(folder, { 'hidden/notes.ts': '', 'hidden/more/deep.suite.ts': '', 'hidden/.x.suite.ts': '' });
    expect(problemOf(root)).toMatchObject({
      file: `${place}/hidden`,
      message: 'There is no suite in it.',
      expected: expect.stringContaining('*.suite.ts'),
    });
  });

  test.each([
    ['exercise.json', 64],
    ['README.md', 256],
  ])('%s may have %d KiB and not a byte more', (name, size) => {
    const { root, folder } = temporaryWorkbook();
    const whole = name === 'README.md' ? README : JSON.stringify(EXERCISE_FILE);
    writeFiles(folder, { [name]: whole + ' '.repeat(size * 1024 - Buffer.byteLength(whole)) });
    expect(problemOf(root)).toBeNull();
    writeFiles(folder, { [name]: whole + ' '.repeat(size * 1024 + 1 - Buffer.byteLength(whole)) });
    expect(problemOf(root)).toMatchObject({
      file: `${place}/${name}`,
      message: `It is larger than ${size} KiB.`,
    });
  });

  test('a file is no text', () => {
    const { root, folder } = temporaryWorkbook();
    writeFiles(folder, { 'README.md': Buffer.from([0x23, 0xff, 0xfe]) });
    expect(problemOf(root)).toMatchObject({ message: expect.stringContaining('UTF-8') });
  });

  test.skipIf(process.platform === 'win32')('a file is a link, a FIFO, or may not be read', () => {
    const { root, folder } = temporaryWorkbook();
    const name = join(folder, 'README.md');
    rmSync(name);
    symlinkSync('exercise.json', name);
    expect(problemOf(root)).toMatchObject({ message: expect.stringContaining('link') });
    rmSync(name);
    execFileSync('mkfifo', [name]);
    expect(problemOf(root)).toMatchObject({ message: expect.stringContaining('pipe') });
  });

  test.each([
    '..',
    '../04-jwt',
    '04-jwt/../04-jwt',
    '',
    '04-JWT',
    '04-jwt\u0000',
    'C:\\04-jwt',
    '\u001b[31m',
  ])('%j is no id and never a path', (id) => {
    const { root } = temporaryWorkbook();
    const problem = problemOf(root, id);
    expect(problem).toMatchObject({ file: 'exercises', key: null });
    expect(problem?.message).not.toMatch(/\p{Cc}/u);
  });

  test('the root is missing', () => {
    expect(problemOf(join(temporaryFolder(), 'none'))).toMatchObject({
      file: place,
      message: 'It does not exist.',
    });
  });
});

test('a problem can be told to a person', () => {
  const { root } = temporaryWorkbook({ phase: 9 });
  const loaded = loadExercise(root, '04-jwt');
  expect(loaded.ok ? '' : describeProblem(loaded.problem)).toBe(
    [
      'exercises/04-jwt/exercise.json, at phase',
      '  The value is 9.',
      '  Expected: a whole number from 1 to 5.',
      '  Next: correct this and run the command again. If you never changed it, `git restore exercises/04-jwt/exercise.json` brings back what was there.',
    ].join('\n'),
  );
});
