import { describe, expect, test } from 'vitest';
import { parseExerciseFile } from './exercise-file.ts';

/** The smallest valid file; `changes` replace whole keys. */
function written(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    title: 'An HTTP server',
    phase: 1,
    minutes: 75,
    difficulty: 1,
    requires: [],
    editable: ['src/**/*.ts'],
    parts: { server: { kind: 'http', entry: 'src/server.ts' } },
    rules: {},
    ...changes,
  });
}

function problemsOf(text: string) {
  const outcome = parseExerciseFile(text);
  return outcome.ok ? [] : outcome.problems;
}

describe('a valid file', () => {
  test('gets its defaults', () => {
    const outcome = parseExerciseFile(written({ rules: { R2: {} } }));
    expect(outcome).toMatchObject({
      ok: true,
      file: {
        parts: { server: { kind: 'http', entry: 'src/server.ts', exports: [], packages: [] } },
        rules: { R2: { needs: [], keep: false, evidence: 'outside', graded: false } },
      },
    });
  });

  test('keeps everything that is written', () => {
    const parts = {
      zeta: {
        kind: 'module',
        entry: 'src/z.ts',
        exports: ['verify', 'default'],
        packages: [],
        modules: ['node:crypto'],
      },
      api: { kind: 'http', entry: 'src/app.ts', exports: ['createApp'], packages: ['express', '@scope/a.b'] },
    };
    const rules = { Q01: { part: 'api', needs: ['R1'], keep: true, evidence: 'inside', graded: true } };
    const outcome = parseExerciseFile(written({ parts, rules, requires: ['01-http-server'] }));
    expect(outcome).toEqual({
      ok: true,
      file: JSON.parse(written({ parts, rules, requires: ['01-http-server'] })),
    });
    expect(outcome.ok && Object.keys(outcome.file.parts)).toEqual(['zeta', 'api']);
  });

  test('may leave out rules, and may begin with a byte order mark', () => {
    const file: Record<string, unknown> = JSON.parse(written());
    delete file['rules'];
    expect(parseExerciseFile(`\ufeff${JSON.stringify(file)}`)).toMatchObject({
      ok: true,
      file: { rules: {} },
    });
  });

  test.each(['.github/workflows/*.yml', 'Dockerfile', '.dockerignore', 'src/{a,b}/*.ts'])(
    'glob %s',
    (glob) => {
      expect(problemsOf(written({ editable: [glob] }))).toEqual([]);
    },
  );
});

describe('a mistake names the key, what stands there and what is expected', () => {
  test.each<[string, Record<string, unknown>, string, RegExp, RegExp]>([
    ['missing', { title: undefined }, 'title', /missing/, /one line/],
    ['empty title', { title: ' ' }, 'title', /" "/, /one line/],
    ['phase 6', { phase: 6 }, 'phase', /is 6/, /1 to 5/],
    ['phase as text', { phase: '1' }, 'phase', /is "1"/, /1 to 5/],
    ['half a difficulty', { difficulty: 2.5 }, 'difficulty', /is 2.5/, /whole number/],
    ['no minutes', { minutes: 0 }, 'minutes', /is 0/, /greater than 0/],
    ['null', { minutes: null }, 'minutes', /is null/, /greater than 0/],
    ['requires a number', { requires: ['3'] }, 'requires.0', /is "3"/, /03-crud-api/],
    ['requires twice', { requires: ['02-sql', '02-sql'] }, 'requires', /"02-sql" twice/, /each once/],
    ['no globs', { editable: [] }, 'editable', /empty list/, /one or more/],
    ['one glob without a list', { editable: 'src/**' }, 'editable', /is "src/, /a list/],
    ['no parts', { parts: {} }, 'parts', /empty object/, /one or more parts/],
    ['parts as a list', { parts: [1] }, 'parts', /a list/, /an object/],
    [
      'part name',
      { parts: { 'My Part': { kind: 'http', entry: 'a.ts' } } },
      'parts.My Part',
      /"My Part"/,
      /lower case/,
    ],
    [
      'kind',
      { parts: { server: { kind: 'web', entry: 'a.ts' } } },
      'parts.server.kind',
      /"web"/,
      /"http", "module"/,
    ],
    ['no entry', { parts: { server: { kind: 'http' } } }, 'parts.server.entry', /missing/, /src\/app.ts/],
    ['rule id', { rules: { r1: {} } }, 'rules.r1', /"r1"/, /"R7" or "Q01"/],
    ['needs', { rules: { R2: { needs: 'R1' } } }, 'rules.R2.needs', /"R1"/, /a list of rule ids/],
    ['needs an id', { rules: { R2: { needs: ['1'] } } }, 'rules.R2.needs.0', /"1"/, /"R7"/],
    ['keep', { rules: { R2: { keep: 'yes' } } }, 'rules.R2.keep', /"yes"/, /true or false/],
    ['graded', { rules: { R2: { graded: 1 } } }, 'rules.R2.graded', /is 1/, /true or false/],
    ['evidence', { rules: { R2: { evidence: 'in' } } }, 'rules.R2.evidence', /"in"/, /"outside" or "inside"/],
  ])('%s', (_name, changes, key, message, expected) => {
    expect(problemsOf(written(changes))).toEqual([
      { key, message: expect.stringMatching(message), expected: expect.stringMatching(expected) },
    ]);
  });

  test.each([
    ['exports', ['create-app'], 'createApp'],
    ['packages', ['node:fs'], 'npm package'],
    ['packages', ['../express'], 'npm package'],
    ['modules', ['fs'], 'begins with "node:"'],
    ['modules', ['node:../fs'], 'begins with "node:"'],
  ])('%s %j', (key, value, expected) => {
    const parts = { server: { kind: 'http', entry: 'src/server.ts', [key]: value } };
    expect(problemsOf(written({ parts }))).toMatchObject([
      { key: `parts.server.${key}.0`, expected: expect.stringContaining(expected) },
    ]);
  });

  test.each([
    '/src/a.ts',
    '../a.ts',
    'src/../../a.ts',
    'src\\a.ts',
    'C:/a.ts',
    './a.ts',
    'src//a.ts',
    '',
    'a\u0000.ts',
  ])('a path that could leave the folder: %j', (path) => {
    expect(problemsOf(written({ editable: [path] }))).toMatchObject([{ key: 'editable.0' }]);
    const parts = { server: { kind: 'http', entry: path } };
    expect(problemsOf(written({ parts }))).toMatchObject([{ key: 'parts.server.entry' }]);
  });

  test.each(['!src/a.ts', '{src,..}/a.ts'])('a glob that means more than it says: %s', (glob) => {
    expect(problemsOf(written({ editable: [glob] }))).toMatchObject([{ key: 'editable.0' }]);
  });
});

describe('unknown keys', () => {
  test('come first, with the key that may be meant', () => {
    const text = written({ title: undefined, titel: 'An HTTP server' });
    expect(problemsOf(text)).toMatchObject([
      { key: 'titel', message: 'The key "titel" is not known here. Perhaps "title" is meant.' },
      { key: 'title', message: 'It is missing.' },
    ]);
  });

  test('are named inside parts and rules, with the keys that are known there', () => {
    const parts = { server: { kind: 'http', entry: 'a.ts', port: 80 } };
    const problems = problemsOf(written({ parts, rules: { R1: { need: [] } } }));
    expect(problems).toMatchObject([
      { key: 'parts.server.port', expected: 'only the keys kind, entry, exports, packages, modules' },
      { key: 'rules.R1.need', message: expect.stringContaining('"needs"') },
    ]);
  });

  test('a key that every object inherits is unknown too', () => {
    expect(problemsOf(`{"constructor": {}, ${written().slice(1)}`)).toMatchObject([{ key: 'constructor' }]);
    expect(problemsOf(written({ rules: { R1: { toString: true } } }))).toMatchObject([
      { key: 'rules.R1.toString' },
    ]);
  });

  test('a rule called __proto__ does not disappear silently', () => {
    const text = written().replace('"rules":{}', '"rules":{"__proto__":{"keep":true}}');
    expect(problemsOf(text)).toMatchObject([{ message: 'The key "__proto__" is not allowed.' }]);
  });
});

test('damaged JSON is named with line and column', () => {
  expect(problemsOf('{\n  "title": "x",\n}')).toEqual([
    {
      key: 'line 3, column 1',
      message: '"}" cannot stand there.',
      expected: expect.stringContaining('no comma'),
    },
  ]);
});

test('JSON that is no object', () => {
  expect(problemsOf('[]')).toMatchObject([{ key: null, message: 'The value is an empty list.' }]);
});
