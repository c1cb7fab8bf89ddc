import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { runCommand } from './command.ts';
import { runServe, serveCommand } from './serve.ts';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { FIRST, SECOND, writeExercise } from './testing/made-exercises.ts';

const serve = (root: string, ...argv: string[]) => run(serveCommand, root, argv);

describe('what cannot be served is said, with exit code 2', () => {
  test.each<[string[], string]>([
    [[], 'A word is missing: npm run serve ID [RULE]'],
    [['R1'], 'R1 is a rule. Name its exercise first: npm run serve ID R1'],
    [['tea'], '`npm run list` shows what is there.'],
    [[FIRST, 'R9'], '01-first has no rule R9.'],
    [[FIRST, '--port', 'x'], '--port takes a whole number from 0 to 65535.'],
    [[FIRST, '--port', '65536'], '--port takes a whole number'],
    [[FIRST, '--seed', '-1'], '--seed'],
    [[FIRST, '--part', 'api'], '01-first has no part called api.'],
    [[FIRST, 'R1', '--part', 'api'], 'R1 belongs to the part numbers. Leave --part out.'],
    [
      [FIRST],
      '01-first is called, and not asked over HTTP, so there is nothing to serve. See what it does: npm run check 01-first\n',
    ],
    [[FIRST, '--part', 'numbers'], 'The part numbers of 01-first is called, and not asked over HTTP'],
    [
      [FIRST, 'R2'],
      'R2 of 01-first is called, and not asked over HTTP, so there is nothing to serve. See what it does: npm run check 01-first R2\n',
    ],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await serve(smallWorkbook(), ...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test('SQL', async () => {
    const root = smallWorkbook();
    const parts = { schema: { kind: 'sql', entry: 'src/schema.sql', exports: [] } };
    writeExercise(root, FIRST, { parts, editable: ['src/**/*.sql'] });
    expect((await serve(root, FIRST)).err).toContain('01-first is SQL, and not asked over HTTP');
  });
});

test('a locked exercise says how to open it, and ends with 3', async () => {
  const { code, err } = await serve(smallWorkbook(), SECOND);
  expect(code).toBe(3);
  expect(err).toContain('npm run unlock 02-second');
});

describe('at a terminal', () => {
  let workbook: BuiltWorkbook;
  const ID = '01-http-server';
  beforeAll(async () => {
    workbook = new BuiltWorkbook();
    workbook.restore();
    workbook.addReal(ID);
    await workbook.build();
  }, 60_000);
  afterAll(() => workbook.remove());

  function write(text: string): void {
    writeFileSync(join(workbook.root, 'exercises', ID, 'src', 'server.ts'), text);
  }

  /** A server that says this on GET /, and ends on GET /end. */
  const program = (word: string): string => `import { createServer as create } from 'node:http';
export function createServer() {
  return create((request, response) => {
    if (request.url === '/end') setTimeout(() => { throw new Error('the end of ${word}'); });
    else response.end('${word}');
  });
}
`;

  /** Starts the command in this process, as a person at a terminal meets it. */
  function start(...argv: string[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new EventEmitter().on('error', () => {});
    const printed = { out: '' };
    const command = {
      ...serveCommand,
      run: (typed: Parameters<typeof runServe>[0], context: Parameters<typeof runServe>[1]) =>
        runServe(typed, context, { input, output }),
    };
    const ended = runCommand(command, argv, {
      root: workbook.root,
      build: join(workbook.root, '.workbook', 'build'),
      cwd: workbook.root,
      env: {},
      terminal: {
        out: (text) => void (printed.out += text),
        err: (text) => void (printed.out += text),
        columns: 80,
        colour: false,
        unicode: true,
        live: false,
      },
      now: Date.now,
    });
    const leave = async () => {
      output.emit('error', new Error('EPIPE'));
      return await ended;
    };
    onTestFinished(async () => void (await leave()));
    const until = async (pattern: RegExp) =>
      await vi.waitFor(
        () => {
          const found = pattern.exec(printed.out);
          if (found === null) throw new Error(`not printed: ${String(pattern)}\n${printed.out}`);
          // What comes next is waited for from here on.
          printed.out = printed.out.slice(found.index + found[0].length);
          return found;
        },
        { timeout: 30_000, interval: 20 },
      );
    return { input, until, leave };
  }

  const said = async (base: string, path = '/'): Promise<string | null> =>
    await fetch(base + path).then(
      (answer) => answer.text(),
      () => null,
    );

  test('a save starts it again, a crash waits for the next save or for r, and the address stays', async () => {
    write(program('one'));
    const { input, until, leave } = start(ID, '--port', '0');
    const [, base = ''] = await until(/runs at (http:\/\/127\.0\.0\.1:\d+)/);
    await until(/after every save, and when you type r and Enter/);
    expect(await said(base)).toBe('one');

    write(program('two'));
    await until(/Your files have changed: it starts again\.[^]*Ctrl-C/);
    expect(await said(base)).toBe('two');

    expect(await said(base, '/end')).toBeNull();
    await until(
      /Your program has ended\.[^]*the end of two[^]*server\.ts:4:\d+[^]*It is started after every/,
    );
    expect(await said(base)).toBeNull();
    input.write('r\n');
    await until(/It starts again\.[^]*Ctrl-C ends it/);
    expect(await said(base)).toBe('two');

    write('export const = 1;\n');
    await until(/could not be started\.[^]*server\.ts:1:\d+[^]*Ctrl-C ends this/);
    write(program('three'));
    await until(/it starts again\.[^]*Ctrl-C ends it/);
    expect(await said(base)).toBe('three');

    expect(await leave()).toBe(0);
    expect(await said(base)).toBeNull();
  }, 120_000);

  test('ports that are forbidden, or cannot be had at all, are said', async ({ skip }) => {
    const probe = createServer();
    probe.listen(1, '127.0.0.1');
    const [error] = (await Promise.race([once(probe, 'error'), once(probe, 'listening')])) as [unknown];
    probe.close();
    if (error === undefined) skip('this user may listen on ports below 1024');
    const { until } = start(ID, '--port', '1');
    expect((await until(/Your system keeps port 1 for itself/))[0]).not.toBe('');
  });
});
