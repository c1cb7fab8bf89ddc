import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseVerdict } from '../../verdict/verdict.ts';
import { startCheck, writeSubject } from './command-line.ts';
import type { Ended } from './command-line.ts';
import { mustBeShowable } from './harmless.ts';
import { processesBelow } from './processes.ts';
import { EXERCISE } from './subject.ts';
import type { CorpusSubject } from './subject.ts';
import { CorpusWorkbook } from './workbook.ts';

let book: CorpusWorkbook;
beforeAll(() => void (book = new CorpusWorkbook()));
afterAll(() => book.remove());

async function checked(
  name: string,
  base: CorpusSubject['base'],
  env: Record<string, string> = {},
): Promise<Ended> {
  const subject: CorpusSubject = { name, base, rows: '', does: '', pace: 1, loose: false, unnoted: false };
  return await startCheck(book, ['--from', await writeSubject(book, subject)], env).ended;
}

describe.concurrent('the command line, given a program that', () => {
  test.for<[does: string, name: string, base: CorpusSubject['base'], code: number, says: string]>([
    ['is right', 'untouched-solution', 'solution', 0, 'passed: 9 of 9 core'],
    ['is untouched', 'untouched-stub', 'stub', 1, 'Your task: 9 rules'],
    ['ends with exit code 0', 'exits-at-import', 'stub', 1, 'it ended itself with exit code 0'],
    ['ends past every handler', 'really-exits-at-import', 'stub', 1, 'it ended itself with exit code 0'],
    ['loops for ever', 'loops-in-handler', 'solution', 1, 'next: R1'],
    ['prints 64 MB', 'prints-much', 'stub', 1, 'It printed more than the workbook keeps'],
    ['prints signs for terminals', 'prints-signs', 'stub', 1, String.raw`\x1b[31mred`],
    ['prints commands for CI runners', 'prints-commands', 'stub', 1, String.raw`\::error file=src/server.ts`],
    ['prints the results of a run that went well', 'prints-results', 'stub', 1, 'next: R1 · 0 of 9 core'],
  ])('%s', async ([, name, base, code, says]) => {
    const ended = await checked(name, base);
    expect([ended.code, ended.err]).toEqual([code, '']);
    expect(ended.out).toContain(says);
    mustBeShowable(ended.out);
  });

  test('looks for secrets in its environment finds none', async () => {
    const { out } = await checked('prints-environment', 'stub', {
      SECRET: 'nightingale',
      GITHUB_TOKEN: 'nightingale',
    });
    expect(out).toContain('environment: {}');
    expect(out).not.toContain('nightingale');
  });

  test('asks the workbook to open a debugger gets none', async () => {
    const ended = await checked('asks-its-parent-for-a-debugger', 'stub');
    expect([ended.code, ended.err]).toEqual([1, '']);
    expect(ended.out).toContain('no debugger');
  });

  test('opens a port beside its server has lost it when the check is done', async () => {
    const { code, out } = await startCheckOf('listens-beside', ['--json']);
    const parsed = parseVerdict(JSON.parse(out));
    const text = parsed.ok ? parsed.verdict.output.text : '';
    const port = Number(/^port (\d+)$/m.exec(text)?.[1]);
    expect([code, port > 0, await answers(port)]).toEqual([0, true, false]);
  });

  test('takes the compiler down is told so', async () => {
    const folder = join(book.root, 'handed-in', 'row-of-signs');
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src', 'server.ts'), `export const x = ${'!'.repeat(250_000)}0;`);
    const { code, out } = await startCheck(book, ['--from', folder]).ended;
    expect([code, out]).toEqual([1, expect.stringContaining('something in it is nested far too deep')]);
  });

  // At the isolation of a check a program may send signals: it can end the check, and gains nothing.
  test.skipIf(process.platform === 'win32')('kills the workbook has not passed', async () => {
    const ended = await checked('kills-its-parent', 'stub');
    expect(ended).toMatchObject({ code: null, signal: 'SIGKILL', out: '' });
  });
});

test.skipIf(process.platform === 'win32')('a check that is interrupted takes its program along', async () => {
  const running = startCheck(book, ['--from', await writeSubject(book, LOOPER)]);
  await expect
    .poll(() => processesBelow(book.temp).length, { timeout: 20_000, interval: 20 })
    .toBeGreaterThan(0);
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({ code: 130 });
  await expect.poll(() => processesBelow(book.temp)).toEqual([]);
});

const LOOPER: CorpusSubject = {
  name: 'loops-at-import',
  base: 'stub',
  rows: '',
  does: '',
  pace: 1,
  loose: false,
  unnoted: false,
};

describe('files beside the learner’s own', () => {
  test('are never read: configurations, packages, environments', async () => {
    const marker = 'owned.txt';
    const own = `require('node:fs').writeFileSync(${JSON.stringify(join(book.root, marker))}, __filename);`;
    const ownModule = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(join(book.root, marker))}, import.meta.url);\nexport default {};\n`;
    const files: Record<string, string> = {
      'postcss.config.cjs': own,
      'babel.config.cjs': own,
      'vitest.config.ts': ownModule,
      'vitest.workspace.ts': ownModule,
      'vite.config.ts': ownModule,
      'tsconfig.json':
        '{ "extends": "./missing.json", "compilerOptions": { "paths": { "node:*": ["./owned.ts"] }, "target": "owned" } }',
      '.swcrc': '{ broken',
      '.env': 'NODE_OPTIONS=--require ./postcss.config.cjs\nVITEST=owned\n',
      '.npmrc': 'ignore-scripts=false\n',
      'node_modules/express/index.js': own,
      'node_modules/vitest/package.json': '{ "main": "../express/index.js" }',
    };
    for (const folder of [
      `exercises/${EXERCISE}`,
      `exercises/${EXERCISE}/src`,
      `exercises/${EXERCISE}/hidden`,
      'exercises',
    ]) {
      for (const [path, text] of Object.entries(files)) {
        const file = join(book.root, folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    const ended = await startCheck(book, []).ended;
    expect(ended.err).toBe('');
    expect(ended.out).toContain('next: R1 · 0 of 9 core');
    expect(readdirSync(book.root)).not.toContain(marker);
  });
});

test('after all of them no process is left', async () => {
  await expect.poll(() => processesBelow(book.temp)).toEqual([]);
});

async function startCheckOf(name: string, args: readonly string[]): Promise<Ended> {
  const subject: CorpusSubject = { ...LOOPER, name, base: 'solution' };
  return await startCheck(book, ['--from', await writeSubject(book, subject), ...args]).ended;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const heard = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return heard;
}
