import { existsSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { builtHost, isThere, NOW, resultOf } from './testing/host.ts';
import { AT, called, partOf, subjectOf } from './testing/subject.ts';
import type { SubjectChanges } from './testing/subject.ts';
import type { Reply } from './process.ts';
import type { Subject } from './subject.ts';

const built = builtHost();

function open(text: string, context: TestContext, options: SubjectChanges = {}): Subject {
  return subjectOf(built.file, text, options, context.onTestFinished);
}

function kindOf(reply: Reply): string {
  return reply.kind === 'reply' ? reply.result.kind : reply.kind;
}

const callOf = (name: string, keep: string | null = null) => ({ export: name, args: '[]', keep });

describe.concurrent('loading', () => {
  test('is done once, by whoever comes first, and takes the host that was booted ahead of time', async (context) => {
    const subject = open(`export const born = Math.random(); export const id = () => born`, context);
    subject.warm();
    expect(await Promise.all([subject.load('main'), subject.load('main')])).toEqual([null, null]);
    expect(await called(subject, 'id')).toBe(await called(subject, 'id'));
  });

  test.for<[string, string, RegExp]>([
    [
      `export const other = 1`,
      'export',
      /src\/main\.ts does not export run\. It exports: other\. Write: export function run/,
    ],
    [`export {}`, 'export', /It exports nothing\./],
    [`export const run = 1`, 'export', /exports run, but it is of type number/],
    [`throw new TypeError('at import')`, 'load', /it threw TypeError: at import/],
    [`throw null`, 'load', /it threw null: null/],
    [`process.exit(0)`, 'load', /exit code 0/],
    [`import './missing.js'`, 'load', /missing\.js/],
  ])('that fails says why: %s', async ([text, kind, message], context) => {
    const subject = open(text, context, { changes: { exports: ['run'] } });
    expect(await subject.load('main')).toMatchObject({ kind, message: expect.stringMatching(message) });
    // A part that cannot be loaded answers everything with the reason, and never throws.
    expect(kindOf(await subject.call(AT, callOf('run')))).toBe('cannot');
    expect(await subject.death(AT)).toBeNull();
  });

  test('that fails with an error brings its stack', async (context) => {
    const failure = await open(`\n\nthrow new Error('x')`, context).load('main');
    expect(failure?.stack).toMatch(/subject\.mjs:3:7/);
  });

  test('of a file that loops is given up after a second try', async (context) => {
    const failure = await open(`for (;;);`, context, { pace: 0.4 }).load('main');
    expect(failure).toMatchObject({
      kind: 'load',
      cause: 'hung',
      message: expect.stringContaining('src/main.ts'),
    });
  });

  test('of a file that waits for ever is given up after a second try with twice the time', async (context) => {
    const failure = await open(`await new Promise(() => {})`, context, { pace: 0.3 }).load('main');
    expect(failure).toMatchObject({
      kind: 'load',
      cause: 'hung',
      message: expect.stringContaining('after 3 seconds'),
    });
  });

  // Whatever a program writes into the pipe, a check must end with a verdict and not with an exception.
  test.for(['done', 'cannot'])(
    'that is answered with a forged %j is a failure and no exception',
    async (kind, context) => {
      const text = `
      import { writeSync } from 'node:fs';
      const frame = (text) => { const body = Buffer.from(text); const head = Buffer.alloc(4); head.writeUInt32BE(body.length); return Buffer.concat([head, body]); };
      for (const id of [1, 2]) writeSync(3, frame(JSON.stringify({ id, result: { kind: '${kind}', why: 'x' } })));`;
      await expect(open(text, context).load('main')).resolves.toMatchObject({ kind: 'load' });
    },
  );
});

describe.concurrent('a part that died', () => {
  const text = `export const die = () => process.exit(3); export const alive = () => 'alive'`;

  test('says how, and answers nothing more until the next rule', async (context) => {
    const subject = open(text, context);
    expect(await subject.call(AT, callOf('die'))).toMatchObject({ kind: 'dead', death: { cause: 'exited' } });
    expect(await subject.death(AT)).toMatchObject({ cause: 'exited', why: expect.stringContaining('3') });
    expect(kindOf(await subject.call(AT, callOf('alive')))).toBe('dead');
  });

  test('is replaced for the next rule, and its death is told once', async (context) => {
    const subject = open(text, context);
    await subject.call(AT, callOf('die'));
    expect(await subject.buryDead()).toEqual([expect.stringContaining('exit code 3')]);
    expect(await subject.buryDead()).toEqual([]);
    expect(await subject.load('main')).toBeNull();
    await subject.begin('r2-1');
    expect(await called(subject, 'alive')).toBe('alive');
  });

  // The client's end of the connection and the news of the death come by different ways; the first may be faster.
  test('is known to be dead as soon as a client sees the connection break', async (context) => {
    const server = `import { createServer } from 'node:http'; export const make = () => createServer(() => process.exit(1))`;
    const subject = open(server, context);
    await subject.call(AT, callOf('make', 'h'));
    const { port } = resultOf(await subject.ask(AT, () => ({ op: 'listen', handle: 'h' }))) as {
      port: number;
    };
    const broke = new Promise<string>((resolve) => {
      const request = get({ host: '127.0.0.1', port, agent: false }, () => resolve('answered'));
      request.once('error', (error) => resolve(error.message));
    });
    expect(await broke).not.toBe('answered');
    expect(await subject.death(AT)).toMatchObject({ cause: 'exited' });
  });
});

describe.concurrent('hosts', () => {
  test('of one part stand side by side, each with its own memory', async (context) => {
    const subject = open(
      `let n = 0; export const next = () => ++n; export const pid = () => process.pid`,
      context,
    );
    const two = { ...AT, host: 2 };
    const [one, again] = [await called(subject, 'next'), await called(subject, 'next')];
    expect([one, again, await called(subject, 'next', [], two)]).toEqual([1, 2, 1]);
    expect(await called(subject, 'pid')).not.toBe(await called(subject, 'pid', [], two));
  });

  test('of two parts load their own text', async (context) => {
    const parts = ['one', 'two'].map((name) => ({
      part: partOf({ name }),
      text: `export const who = () => '${name}'`,
    }));
    const subject = open('', context, { parts });
    subject.warm();
    const answers = ['one', 'two'].map((name) => called(subject, 'who', [], { part: name, host: 1 }));
    expect(await Promise.all(answers)).toEqual(['one', 'two']);
  });

  test('are fresh after renew, and the old ones are gone', async (context) => {
    const subject = open(`let n = 0; export const next = () => [++n, process.pid]`, context);
    const [, pid = 0] = (await called(subject, 'next')) as number[];
    await subject.renew();
    expect(isThere(pid)).toBe(false);
    expect(((await called(subject, 'next')) as number[])[0]).toBe(1);
  });

  test('have the clock of the rule’s beginning at every beginning', async (context) => {
    const subject = open(`export const now = () => Date.now()`, context);
    await subject.load('main');
    await subject.ask(AT, () => ({ op: 'advance', ms: 5000 }));
    expect(await called(subject, 'now')).toBe(NOW + 5000);
    await subject.begin('r2-1');
    expect(await called(subject, 'now')).toBe(NOW);
  });

  test('begin anew under another seed: at another instant, with empty databases', async (context) => {
    const text = `export const now = () => Date.now()`;
    const subject = open(text, context, { changes: { packages: ['better-sqlite3'] } });
    await subject.load('main');
    await subject.begin('r1-1');
    const before = subject.databaseFile('app');
    subject.restage(NOW + 1000, 2);
    await subject.begin('r1-1');
    expect(subject.databaseFile('app')).not.toBe(before);
    expect(await called(subject, 'now')).toBe(NOW + 1000);
  });

  // The verdict promises output that is capped; a program that dies in every rule has many hosts.
  test('together print no more into a verdict than one host may', async (context) => {
    const subject = open(`console.log('x'.repeat(40_000)); export const f = () => 1`, context);
    for (let round = 0; round < 2; round++) {
      await called(subject, 'f');
      await subject.renew();
    }
    const { text, truncated } = subject.output();
    expect([text.length <= 64 * 1024, truncated]).toEqual([true, true]);
  });
});

describe('the end', () => {
  test('takes hosts and folders along, also of a host that was never used', async () => {
    const temp = temporaryFolder();
    for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, temp);
    onTestFinished(() => void vi.unstubAllEnvs());
    const subject = subjectOf(
      built.file,
      `console.log('printed'); export const where = () => [process.cwd(), process.pid]`,
    );
    const [folder, pid] = (await called(subject, 'where')) as [string, number];
    expect(existsSync(folder)).toBe(true);
    subject.warm();
    await subject.dispose();
    expect([existsSync(folder), isThere(pid)]).toEqual([false, false]);
    expect(subject.output()).toEqual({ text: 'printed\n', truncated: false });
    expect(readdirSync(temp)).toEqual([]);
  });
});
