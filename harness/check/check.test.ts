import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { writeFiles } from '../catalog/temp-workbook.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { check } from './check.ts';
import type { CheckRequest } from './check.ts';
import { Engine } from './engine.ts';
import { RIGHT, SmallWorkbook, SUITE } from './testing/small-workbook.ts';

const book = new SmallWorkbook();
let engine: Engine;

beforeAll(async () => {
  await book.build();
  engine = newEngine();
});
beforeEach(() => book.reset());
afterAll(async () => {
  await engine.close();
  book.remove();
});

function newEngine(): Engine {
  return new Engine(book.root, join(book.root, '.workbook', 'build'));
}

async function judge(
  program: string,
  changes: Partial<CheckRequest> = {},
  court: Engine = engine,
): Promise<Verdict> {
  try {
    return (await check(court, book.request(program, changes))).verdict;
  } finally {
    court.prepare();
  }
}

const statuses = ({ rules }: Verdict) => rules.map(({ status }) => status);

describe('a check', () => {
  test('passes a right program, again and again with one engine', async () => {
    for (const seed of [1, 2]) {
      const verdict = await judge(RIGHT, { seed });
      expect(verdict).toMatchObject({ status: 'passed', mastered: true, points: 2, error: null, seed });
    }
  });

  test('comes to the same verdicts on a thread that is kept', async () => {
    const kept = new Engine(book.root, join(book.root, '.workbook', 'build'), { keepThread: true });
    onTestFinished(() => kept.close());
    const wrong = RIGHT.replace('a + b }', 'a - b }');
    const verdicts = [];
    for (const program of [RIGHT, wrong, RIGHT])
      verdicts.push((await check(kept, book.request(program))).verdict);
    expect(verdicts.map(statuses)).toEqual([
      ['passed', 'passed'],
      ['failed', 'passed'],
      ['passed', 'passed'],
    ]);
  });

  test('tries what failed once more under another seed, when it is told to', async () => {
    const wrong = RIGHT.replace('a + b }', 'a - b }');
    const { verdict, fingerprints, again } = await check(engine, book.request(wrong, { seed: 1, again: 2 }));
    engine.prepare();
    expect(verdict).toMatchObject({ seed: 1, status: 'failed' });
    expect(again?.verdict).toMatchObject({ seed: 2, status: 'failed', error: null });
    expect(statuses(again?.verdict as Verdict)).toEqual(['failed', 'untried']);
    expect([...(again?.fingerprints.keys() ?? [])]).toEqual([...fingerprints.keys()]);
    expect((await check(engine, book.request(RIGHT, { again: 2 }))).again).toBeNull();
    engine.prepare();
  });

  test('says of a wrong program what was expected and what came', async () => {
    const verdict = await judge(RIGHT.replace('a + b }', 'a - b }'));
    expect(statuses(verdict)).toEqual(['failed', 'passed']);
    expect(verdict.rules[0]).toMatchObject({
      cause: 'wrong',
      message: {
        step: 'two numbers',
        sent: expect.stringMatching(/^add\(\d+, \d+\)$/),
        expected: expect.stringMatching(/^\d+$/),
        got: expect.stringMatching(/^-?\d+$/),
      },
    });
  });

  test('tries the rules that are asked for, and tells of each as it ends', async () => {
    const ended: string[] = [];
    const verdict = await judge(RIGHT, {
      only: ['R2'],
      onRule: (id, status) => ended.push(`${id} ${status}`),
    });
    expect(statuses(verdict)).toEqual(['untried', 'passed']);
    expect(ended).toEqual(['R2 passed']);
  });

  test('goes on with a fresh host after a program ended in a rule', async () => {
    const verdict = await judge(RIGHT.replace('{ return a + b }', '{ console.log("bye"); process.exit(3) }'));
    expect(statuses(verdict)).toEqual(['failed', 'passed']);
    expect(verdict.rules[0]).toMatchObject({
      cause: 'exited',
      message: { got: expect.stringContaining('exit code 3') },
    });
    expect(verdict.output.text).toContain('bye');
  });

  test('names what cannot be compiled or read, without a try', async () => {
    const error = { kind: 'compile', frames: [{ file: 'src/main.ts', line: 1 }] };
    expect(await judge('export const = 1')).toMatchObject({ status: 'error', error });
    expect(await judge(`import 'vitest'`)).toMatchObject({ status: 'error', error: { kind: 'import' } });
    const verdict = await judge('', { files: { ok: false, message: 'too many files' } });
    expect(verdict).toMatchObject({ status: 'error', error: { kind: 'files', message: 'too many files' } });
  });
});

describe('a check never throws', () => {
  test('for a stack that a program made up', async () => {
    const place = `${pathToFileURL(book.folder).href}/%zz:1:1`;
    const stack = JSON.stringify(`Error: x\n    at f (${place})`);
    const verdict = await judge(`const error = new Error('x'); error.stack = ${stack}; throw error;`);
    expect(verdict).toMatchObject({ status: 'error', error: { kind: 'load', frames: [] } });
  });

  test('for messages that a program forged', async () => {
    const forge = `import { writeSync } from 'node:fs';
      const body = Buffer.from(JSON.stringify({ id: 2, result: { kind: 'done' } })); const head = Buffer.alloc(4); head.writeUInt32BE(body.length);
      writeSync(3, Buffer.concat([head, body]));`;
    expect(await judge(forge + RIGHT)).toMatchObject({ status: 'error', error: { kind: 'load' } });
  });
});

describe('a suite with a mistake of ours', () => {
  let own: Engine;
  beforeAll(() => void (own = newEngine()));
  afterAll(() => own.close());

  const [first, second] = [
    SUITE.slice(0, SUITE.indexOf(`rule('R2'`)),
    SUITE.slice(SUITE.indexOf(`rule('R2'`)),
  ];

  test.each([
    ['a rule that throws', first + second.replace('await', 'null.x; await'), /R2: TypeError/],
    ['a rule that is missing', first, /R2/],
    ['a rule that is defined twice', SUITE + second, /more than once: R2/],
    ['a rule that the spec does not have', `${SUITE} rule('R9', async () => {});`, /R9/],
    ['a syntax error', `${SUITE} const = 1`, /./],
    ['an import that does not exist', `import './missing.ts'; ${SUITE}`, /missing/],
    ['an error while it is loaded', `${SUITE} throw new Error('at load')`, /at load/],
  ])('is a failure of the harness and never a pass: %s', async (_, suite, message) => {
    book.reset(suite);
    expect(await judge(RIGHT, {}, own)).toMatchObject({
      status: 'error',
      mastered: false,
      error: { kind: 'harness', message: expect.stringMatching(message) },
    });
  });
});

describe('an engine', () => {
  // One engine judges a whole class: what went wrong in one check must not be held against the next.
  test('forgets what went wrong before', async () => {
    const own = newEngine();
    onTestFinished(() => own.close());
    book.reset(`${SUITE} throw new Error('at load')`);
    expect(await judge(RIGHT, {}, own)).toMatchObject({ status: 'error', error: { kind: 'harness' } });
    book.reset();
    expect(await judge(RIGHT, {}, own)).toMatchObject({ status: 'passed', error: null });
  });

  // Whoever writes a suite keeps one engine running; the digest in the verdict is that of the suite as it is now.
  test('runs a suite as it is now, and not as it was', async () => {
    expect(await judge(RIGHT)).toMatchObject({ status: 'passed' });
    book.edit(SUITE.replace('a + b)', 'a * b + 1)'));
    expect(statuses(await judge(RIGHT))).toEqual(['failed', 'passed']);
  });
});

describe('files that lie beside the suite', () => {
  const HIJACK = 'throw new Error("a file that nobody should load was loaded")';
  const PATHS =
    '{ "compilerOptions": { "target": "ES5", "baseUrl": ".", "paths": { "#suite": ["./evil.js"] } } }';
  const IMPORTS = '{ "type": "commonjs", "imports": { "#suite": "./evil.js", "#runner": "./evil.js" } }';

  // D5: a learner who tries things out leaves such files; a submission may bring them on purpose.
  test.each<[string, Record<string, string>]>([
    ['a tsconfig.json that is broken', { 'tsconfig.json': '{ broken' }],
    ['a tsconfig.json of another taste', { 'tsconfig.json': PATHS, 'evil.js': HIJACK }],
    ['a package.json that leads elsewhere', { 'package.json': IMPORTS, 'evil.js': HIJACK }],
    [
      'configurations and packages',
      {
        'postcss.config.cjs': HIJACK,
        '.postcssrc': '{ broken',
        'vite.config.ts': HIJACK,
        'vitest.config.ts': HIJACK,
        '.env': 'VITE_X=1',
        'node_modules/vitest/package.json': '{ "main": "index.js" }',
        'node_modules/vitest/index.js': HIJACK,
      },
    ],
    ['a package.json that is broken', { 'package.json': '{ broken' }],
  ])('change nothing: %s', async (_, files) => {
    writeFiles(book.folder, files);
    writeFiles(join(book.folder, 'hidden'), files);
    expect(await judge(RIGHT)).toMatchObject({ status: 'passed', error: null });
  });
});
