import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { decode, Dependency, encode } from '../message/plain.ts';
import { builtHost, NOW } from './testing/host.ts';
import { AT, called, subjectOf } from './testing/subject.ts';
import type { SubjectChanges } from './testing/subject.ts';
import type { Subject } from './subject.ts';

const built = builtHost();
const EXPRESS = { packages: ['express'] };

function open(text: string, context: TestContext, options: SubjectChanges = {}): Subject {
  return subjectOf(built.file, text, options, context.onTestFinished);
}

describe.concurrent('what is given to a program', () => {
  test('a folder of files, at a place that the program may read', async (context) => {
    const text = `import { readFileSync, readdirSync } from 'node:fs'; import { join } from 'node:path';
      export const look = ({ dir }) => [readdirSync(dir).toSorted(), readFileSync(join(dir, 'deep', 'b.bin')).length, readFileSync(join(dir, '..', 'secret'), 'utf8')]`;
    const files = { 'public/a.txt': 'ë', 'public/deep/b.bin': Buffer.alloc(3), secret: 'next door' };
    const dir = new Dependency('folder', { files, at: 'public' });
    expect(await called(open(text, context), 'look', [{ dir }])).toEqual([['a.txt', 'deep'], 3, 'next door']);
  });

  test('a clock', async (context) => {
    const subject = open(`export const read = ([{ clock }]) => [clock.now(), typeof clock.sleep]`, context);
    expect(await called(subject, 'read', [[{ clock: new Dependency('clock') }]])).toEqual([NOW, 'function']);
  });

  test('ids that come again with the same seed and rule, and differ otherwise', async (context) => {
    const take = async (seed: number, rules: string[]) => {
      const subject = open(`export const take = (ids) => [ids(), ids()]`, context, { seed });
      const out: string[] = [];
      for (const rule of rules) {
        await subject.begin(rule);
        out.push(...((await called(subject, 'take', [new Dependency('ids')])) as string[]));
      }
      return out;
    };
    const [one, other] = await Promise.all([take(1, ['r1-1', 'r2-1', 'r1-1']), take(2, ['r1-1'])]);
    expect(one.slice(4)).toEqual(one.slice(0, 2));
    expect(new Set([...one, ...other]).size).toBe(6);
    expect(one[0]).toMatch(/^[a-z0-9]{26}$/);
  });

  test('a function that the suite plays', async (context) => {
    const calls: unknown[] = [];
    const text = `export const ask = async (play) => [await play('x', { y: 1 }), await play().catch((error) => [error.name, error.code, error.message, error instanceof Error])]`;
    const subject: Subject = open(text, context, {
      onEvent: ({ part, host, event }) => {
        const decoded = decode(event.args);
        calls.push([part, host, event.name, decoded.ok && decoded.value]);
        const outcome =
          calls.length === 1
            ? { kind: 'value' as const, value: encode('answer') }
            : { kind: 'error' as const, name: 'MailError', message: 'no', code: 'E_MAIL' };
        void subject.ask(AT, () => ({ op: 'answer', call: event.call, outcome }));
      },
    });
    const answers = await called(subject, 'ask', [new Dependency('played', { name: 'mail' })]);
    expect(answers).toEqual(['answer', ['MailError', 'E_MAIL', 'no', true]]);
    expect(calls).toEqual([
      ['main', 1, 'mail', ['x', { y: 1 }]],
      ['main', 1, 'mail', []],
    ]);
  });
});

describe.concurrent('the permission model', () => {
  const TRY = `const attempt = async (act) => { try { await act(); return 'done' } catch (error) { return error.code ?? error.message } };`;
  const REFUSED = expect.stringMatching(/ERR_MODULE_NOT_FOUND|ERR_ACCESS_DENIED/) as string;

  test('keeps a program from reading, writing and starting processes', async (context) => {
    const text = `${TRY}
      import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs'; import { join } from 'node:path';
      export const tries = async (root) => ({
        itself: await attempt(() => readFileSync(new URL(import.meta.url))),
        suite: await attempt(() => readFileSync(join(root, 'exercises/01-http-server/hidden/core.suite.ts'))),
        solution: await attempt(() => readFileSync(join(root, 'solutions/01-http-server/src/server.ts'))),
        root: await attempt(() => readdirSync(root)),
        passwd: await attempt(() => readFileSync('/etc/passwd')),
        scratch: await attempt(() => writeFileSync('new.txt', 'x')),
        temp: await attempt(() => mkdirSync('../workbook-escape')),
        child: await attempt(() => process.getBuiltinModule('child_process').execFileSync('id')),
        thread: await attempt(() => new (process.getBuiltinModule('worker_threads').Worker)('1', { eval: true })),
      })`;
    const denied = 'ERR_ACCESS_DENIED';
    const rest = ['suite', 'solution', 'root', 'passwd', 'scratch', 'temp', 'child', 'thread'];
    expect(await called(open(text, context), 'tries', [process.cwd()])).toEqual({
      itself: 'done',
      ...Object.fromEntries(rest.map((name) => [name, denied])),
    });
  });

  test('lets a program flush what it writes to the disk', async (context) => {
    const text = `${TRY}
      import fs, { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs'; import { open } from 'node:fs/promises'; import { promisify } from 'node:util';
      export const tries = async (file) => {
        const descriptor = openSync(file, 'w');
        const out = [await attempt(() => fsyncSync(descriptor)), await attempt(() => promisify(fs.fdatasync)(descriptor))];
        closeSync(descriptor);
        out.push(await attempt(() => writeFileSync(file, 'x', { flush: true })), await attempt(async () => { const handle = await open(file); await handle.sync(); await handle.close(); }));
        return [...out, await attempt(() => fsyncSync(descriptor)), readFileSync(file, 'utf8')];
      }`;
    const file = new Dependency('place', { name: 'flushed' });
    const subject = open(text, context, { changes: { packages: ['better-sqlite3'] } });
    expect(await called(subject, 'tries', [file])).toEqual(['done', 'done', 'done', 'done', 'EBADF', 'x']);
  });

  test('lets a program import the packages of its part', async (context) => {
    const text = `import express from 'express'; export const kind = () => typeof express()`;
    const subject = open(text, context, { changes: EXPRESS });
    expect(await subject.load('main')).toBeNull();
    expect(await called(subject, 'kind')).toBe('function');
  });

  test('keeps a program from importing any other package by its name', async (context) => {
    const text = `${TRY} export const tries = (names) => Promise.all(names.map((name) => attempt(() => import(name))))`;
    const names = ['express', 'zod', 'vitest'];
    expect(await called(open(text, context), 'tries', [names])).toEqual([REFUSED, REFUSED, REFUSED]);
    const subject = open(text, context, { changes: EXPRESS });
    expect(await called(subject, 'tries', [names])).toEqual(['done', REFUSED, REFUSED]);
  });

  // A part that may use express must not have its tokens judged by jsonwebtoken, found by its place on the disk (A8).
  test('keeps a program from importing any other package by its place', async (context) => {
    const text = `${TRY} export const tries = (file) => attempt(() => import(file))`;
    const file = pathToFileURL(join(process.cwd(), 'node_modules', 'jsonwebtoken', 'index.js')).href;
    expect(await called(open(text, context, { changes: EXPRESS }), 'tries', [file])).toEqual(REFUSED);
  });

  test('is off where it has to be', async (context) => {
    const text = `import { readFileSync } from 'node:fs'; export const read = (file) => readFileSync(file, 'utf8').length`;
    const file = join(process.cwd(), 'package.json');
    const subject = open(text, context, { isolation: 'none' });
    expect(await called(subject, 'read', [file])).toBe(readFileSync(file, 'utf8').length);
  });
});

describe('the environment', () => {
  test.each(['permission', 'none'] as const)('is empty but for what is named: %s', async (isolation) => {
    vi.stubEnv('CANARY', 'secret');
    vi.stubEnv('NODE_OPTIONS', '--no-warnings');
    onTestFinished(() => void vi.unstubAllEnvs());
    const text = `export const env = () => ({ ...process.env })`;
    const env = await called(subjectOf(built.file, text, { isolation, env: { TZ: 'UTC' } }), 'env');
    expect(env).not.toHaveProperty('CANARY');
    expect(env).not.toHaveProperty('NODE_OPTIONS');
    expect(env).toMatchObject({ TZ: 'UTC' });
    expect(Object.keys(env as object).filter((name) => name !== '_').length).toBeLessThanOrEqual(
      process.platform === 'win32' ? 6 : 1,
    );
  });
});
