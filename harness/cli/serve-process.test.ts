import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readEditable } from '../catalog/editable.ts';
import { readMistakes } from '../verify/mistake.ts';
import { parseVerdict } from '../verdict/verdict.ts';
import type { RuleResult } from '../verdict/verdict.ts';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import { typed } from './testing/shell.ts';
import { gone, Started } from './testing/started.ts';

/** Served programs as learners meet them: processes of their own, met over their ports by lines from a shell. */
let workbook: BuiltWorkbook;

const SLOW = 120_000;

/** Nothing is locked. */
const env = { CI: 'true' };

beforeAll(async () => {
  workbook = new BuiltWorkbook(['express', 'better-sqlite3', 'jsonwebtoken', 'bcryptjs']);
  workbook.restore();
  for (const id of ['01-http-server', '03-crud-api', '04-jwt']) workbook.addReal(id);
  await workbook.build();
}, 60_000);
afterAll(() => workbook.remove());

/** Puts the solution with this mistake in it (null: as it is) in the place of the learner's files. */
async function work(id: string, mistake: string | null): Promise<void> {
  const solution = await readEditable(join(workbook.root, 'solutions', id), ['src/**/*.ts']);
  if (!solution.ok) throw new Error(solution.problem.message);
  const folder = join(workbook.root, 'solutions', id, 'mistakes');
  const all = await readMistakes(folder, solution.files, ['src/**/*.ts']);
  const found = all.find((each) => each.ok && each.mistake.name === mistake);
  if (mistake !== null && found?.ok !== true) throw new Error(`no mistake is called ${mistake}`);
  const files = found?.ok === true ? found.mistake.files : solution.files;
  for (const [name, text] of files) writeFileSync(join(workbook.root, 'exercises', id, name), text);
}

/** Adds a line to one of the learner's files. */
function append(id: string, file: string, line: string): void {
  const path = join(workbook.root, 'exercises', id, file);
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n${line}\n`);
}

function serve(...argv: string[]): Started {
  const started = new Started(workbook.spawn(workbook.commandLine(['serve', ...argv]), { env }));
  onTestFinished(async () => void (await started.stop()));
  return started;
}

async function ruleOf(id: string, rule: string, seed: number): Promise<RuleResult> {
  const { out } = await workbook.run(['check', id, rule, '--json', '--seed', String(seed)], { env });
  const parsed = parseVerdict(JSON.parse(out));
  const result = parsed.ok ? parsed.verdict.rules.find((each) => each.id === rule) : undefined;
  if (result === undefined) throw new Error(out);
  return result;
}

describe('npm run serve ID RULE stops before the request that fails, and its line fails as the rule did', () => {
  // A mistake whose failing request is an ordinary one; bytes on a raw connection; a body; a token that was given out.
  test.each<[string, string, string]>([
    ['01-http-server', 'name-not-decoded', 'R4'],
    ['01-http-server', 'join-without-a-check', 'R9'],
    ['03-crud-api', 'year-zero-is-no-year', 'R5'],
    ['04-jwt', 'never-invalid-token', 'R7'],
    ['04-jwt', 'refresh-not-rotated', 'R19'],
  ])(
    '%s with %s: %s',
    async (id, mistake, rule) => {
      await work(id, mistake);
      const seed = 7;
      const judged = await ruleOf(id, rule, seed);
      const { message } = judged;
      if (judged.status !== 'failed' || message === null) throw new Error(`${rule} does not fail`);

      const served = serve(id, rule, '--port', '0', '--seed', String(seed));
      const [, line = ''] = await served.printed(/^ {2}(curl .*)$/m);
      await served.printed(/Ctrl-C ends it/);
      expect(served.out).toContain(rule);
      expect(served.out).toContain('It stands right before the request that fails.');
      expect(served.out).toMatch(/Its clock stands still at 20[34]\d-/);
      const reply = await typed(line);
      expect(message.got).toMatch(new RegExp(`^${reply.status} · `));
      const body = JSON.stringify(unnamed(reply.body).slice(0, 30)).slice(1, -1);
      expect(unnamed(message.got)).toContain(body);
      expect(await served.stop('SIGINT')).toBe(130);
      expect(workbook.leftovers()).toEqual([]);
    },
    SLOW,
  );

  test(
    'a request that ends the program does so again; the place is told, and without a terminal that is the end',
    async () => {
      await work('01-http-server', 'json-parsed-in-a-callback');
      const served = serve('01-http-server', 'R7', '--port', '0');
      const [, line = ''] = await served.printed(/^ {2}(curl .*)$/m);
      await served.printed(/Ctrl-C ends it/);
      expect((await typed(line)).status).toBeNull();
      await served.printed(/Your program has ended\./);
      expect(await served.ended).toBe(1);
      // As an editor opens it.
      expect(served.out).toMatch(/where +exercises\/01-http-server\/src\/server\.ts:\d+:\d+/);
      expect(workbook.leftovers()).toEqual([]);
    },
    SLOW,
  );

  /** Texts without what a program draws by itself: ids of random digits, and tokens. */
  function unnamed(text: string): string {
    return text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
      .replace(/[\w-]+\.[\w-]{20,}\.[\w-]*/g, 'TOKEN');
  }

  test(
    'a message in pieces becomes a line of printf and nc that sends the same bytes',
    async () => {
      await work('01-http-server', 'first-piece-only');
      const served = serve('01-http-server', 'R12', '--port', '0', '--seed', '7');
      const [, line = '', port = ''] = await served.printed(
        /^ {2}(\(printf .*\) \| nc 127\.0\.0\.1 (\d+))$/m,
      );
      // nc may be missing, and waits by design: its part is played by a few lines of Node.
      const nc = `nc() { ${JSON.stringify(process.execPath)} -e '${NC}' "$@"; }; sleep() { command sleep 0.2; }; `;
      const answer = workbook.spawn(['sh', '-c', nc + line]);
      const said = new Started(answer);
      await said.printed(/^HTTP\/1\.1 400 /);
      expect(said.out).toContain('\r\n\r\n');
      await said.stop('SIGKILL');
      expect(Number(port)).toBeGreaterThan(0);
      expect(await served.stop()).toBe(143);
    },
    SLOW,
  );

  const NC = `
    const socket = require("net").connect(Number(process.argv[2]), process.argv[1]);
    process.stdin.on("data", (bytes) => socket.write(bytes));
    socket.on("data", (bytes) => process.stdout.write(bytes));
    socket.on("close", () => process.exit(0));
  `;

  test(
    'a rule that passes says so, and the program stands after its last request',
    async () => {
      await work('03-crud-api', null);
      const served = serve('03-crud-api', 'r1', '--port', '0');
      await served.printed(/R1 passes, with the seed \d+\./);
      const [, base = ''] = await served.printed(/runs at (http:\/\/127\.0\.0\.1:\d+), and stands after/);
      const { body } = await typed(`curl -i ${base}/books`);
      // The books of the rule are in its database, however many it makes.
      expect((JSON.parse(body) as { total: number }).total).toBeGreaterThan(0);
      expect(await served.stop()).toBe(143);
      expect(workbook.leftovers()).toEqual([]);
    },
    SLOW,
  );

  test.each<[string, string, string, RegExp]>([
    ['04-jwt', 'password-in-plain-text', 'R4', /R4 fails, but not on one request/],
    ['04-jwt', 'default-secret', 'R16', /createApp with a weak secret/],
    [
      '01-http-server',
      'whole-url-compared',
      'R4',
      /R4 needs R2 first\.\nR2 fails\. .*npm run serve 01-http-server R2/,
    ],
  ])(
    'without a request to send it says what there was, and ends with 1: %s with %s',
    async (id, mistake, rule, said) => {
      await work(id, mistake);
      const { code, out, err } = await workbook.run(['serve', id, rule, '--port', '0'], { env });
      expect({ code, err }).toEqual({ code: 1, err: '' });
      expect(out).toMatch(said);
      expect(workbook.leftovers()).toEqual([]);
    },
    SLOW,
  );
});

describe('npm run serve ID', () => {
  test(
    'serves on the loopback with what the suite gives, shows what is printed, and leaves no process behind',
    async () => {
      await work('04-jwt', null);
      append('04-jwt', 'src/app.ts', `console.log('pid', process.pid, 'red \\u001b[31m');`);
      const served = serve('04-jwt', '--port', '0');
      const [, pid = ''] = await served.printed(/^│ pid (\d+) red \\x1b\[31m$/m);
      const [, line = '', base = ''] = await served.printed(
        /^ {2}(curl .*(http:\/\/127\.0\.0\.1:\d+)\/register)$/m,
      );
      expect(await typed(line)).toMatchObject({ status: 201 });
      const login = await typed(line.replace('/register', '/login'));
      const { accessToken } = JSON.parse(login.body) as { accessToken: string };
      // Its clock is the real one: the token was made now.
      const { iat } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
        iat: number;
      };
      expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(60);
      expect(base).not.toBe('');
      expect(await served.stop('SIGHUP')).toBe(129);
      await gone(Number(pid));
      expect(workbook.leftovers()).toEqual([]);
    },
    SLOW,
  );

  test(
    'that is killed without a word takes its program along',
    async () => {
      await work('01-http-server', null);
      append('01-http-server', 'src/server.ts', `console.log('pid', process.pid);`);
      const served = serve('01-http-server', '--port', '0');
      const [, pid = ''] = await served.printed(/^│ pid (\d+)$/m);
      await served.printed(/Ctrl-C ends it/);
      expect(await served.stop('SIGKILL')).toBe('SIGKILL');
      await gone(Number(pid));
      workbook.sweep();
    },
    SLOW,
  );

  test(
    'takes the next free port with a word when one is taken',
    async () => {
      await work('01-http-server', null);
      const other = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void other.close());
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const served = serve('01-http-server', '--port', String(port));
      const [, taken = ''] = await served.printed(/runs at http:\/\/127\.0\.0\.1:(\d+)/);
      expect(Number(taken)).not.toBe(port);
      expect(served.err).toBe(`Port ${port} is taken, so it is ${taken}.\n\n`);
    },
    SLOW,
  );

  test(
    'ends with 1 and the place when the program does not start',
    async () => {
      writeFileSync(
        join(workbook.root, 'exercises', '01-http-server', 'src', 'server.ts'),
        'export const = 1;\n',
      );
      const { code, out } = await workbook.run(['serve', '01-http-server', '--port', '0'], { env });
      expect(code).toBe(1);
      expect(out).toContain('Your program could not be started.');
      expect(out).toContain('exercises/01-http-server/src/server.ts:1:');
    },
    SLOW,
  );
});
