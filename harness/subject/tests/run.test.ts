import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { LEVELS } from '../testing/levels.ts';
import type { Isolation } from '../isolation.ts';
import { runTestsOn } from './run.ts';
import type { TestsRun, TestsWorld } from './run.ts';

/** A program as it is compiled: a function, an app with functions of its tests, a whole program. `factor`: what tests may find out. */
const programOf = (factor: number): string => `
import http from 'node:http';
const functions = {
  scale({ numbers, sorts }) {
    if (numbers.length === 0) throw Object.assign(new RangeError('nothing'), { code: 'empty' });
    if (sorts) numbers.sort();
    return numbers.map((each) => each * ${factor});
  },
};
export function __call(name, args) {
  try {
    return { outcome: { value: functions[name](...args) }, args };
  } catch ({ name, message, code = null }) {
    return { outcome: { threw: { name, message, code } }, args };
  }
}
export const createApp = ({ gateway, log }) => http.createServer(async (request, response) => {
  const paid = await gateway.charge({ amount: ${factor} }).catch(() => null);
  await log({ url: request.url });
  response.writeHead(paid === null ? 502 : 201, { 'Content-Type': 'application/json', 'Set-Cookie': ['a=1', 'b=2'] });
  response.end(JSON.stringify({ paid, method: request.method }));
});
export const startProgram = (env) => {
  if (env.NAME === undefined) throw new Error('no name');
  return http.createServer((request, response) => response.end(env.NAME));
};
`;

const hostFile = join(process.cwd(), '.workbook', 'build', 'host.mjs');
const url = (name: string): string => pathToFileURL(join(hostFile, '..', 'tests', `${name}.mjs`)).href;

const HEAD = `
import { afterEach, beforeEach, describe, expect, test, vi } from '${url('vitest')}';
import request from '${url('supertest')}';
import { subject } from '${url('subject')}';
const scale = subject.call('scale');
const createApp = subject.app('createApp');
const startProgram = subject.start('startProgram');
`;

const AS_WRITTEN: TestsWorld = { seed: null, moved: 0, bail: false };

async function run(
  text: string,
  { factor = 2, level = 'permission' as Isolation, world = AS_WRITTEN, pace = 1 } = {},
): Promise<TestsRun> {
  const boot = { root: process.cwd(), hostFile, isolation: level, env: {}, inspect: false, pace };
  const exports = new Set(['scale', 'createApp', 'startProgram']);
  const program = { text: programOf(factor), exports };
  return await runTestsOn(program, [{ name: 'a.test.mjs', text: HEAD + text }], { world, boot });
}

/** Each test with what became of it; the error of one that failed. */
function results({ end }: TestsRun): Record<string, string> {
  if (end.kind !== 'report') return { end: JSON.stringify(end) };
  return Object.fromEntries(
    end.report.files.flatMap(({ tests, problems }) => [
      ...problems.map(({ message }) => ['file', message] as const),
      ...tests.map(({ name, state, errors }) => [name, errors[0]?.message ?? state] as const),
    ]),
  );
}

describe.each(LEVELS)('at isolation level %s', (level) => {
  test('tests meet functions, apps and whole programs as if they were in their own process', async () => {
    const ran = await run(
      `
      test('value', () => expect(scale({ numbers: [1, 2] })).toStrictEqual([2, 4]));
      test('wrong', () => expect(scale({ numbers: [1] })).toEqual([3]));
      test('error', () => {
        expect(() => scale({ numbers: [] })).toThrow(RangeError);
        expect(() => scale({ numbers: [] })).toThrow(expect.objectContaining({ code: 'empty' }));
      });
      test('arguments', () => {
        const argument = { numbers: [3, 1, 2], sorts: true };
        scale(argument);
        expect(argument).toEqual({ numbers: [1, 2, 3], sorts: true });
        expect(() => scale(Object.freeze({ numbers: Object.freeze([3, 1]), sorts: true }))).toThrow(TypeError);
      });
      test('no plain data', () => expect(() => scale({ numbers: () => [] })).toThrow(/plain data.*numbers/));
      describe('app', () => {
        class Gateway { charged = []; async charge(order) { this.charged.push(order); return { id: 'p1' }; } }
        test('calls back', async () => {
          const gateway = new Gateway();
          const log = vi.fn();
          const response = await request(createApp({ gateway, log })).post('/x?y=1').send({ a: 1 }).expect(201);
          expect(response.body).toEqual({ paid: { id: 'p1' }, method: 'POST' });
          expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
          expect(gateway.charged).toStrictEqual([{ amount: 2 }]);
          expect(log.mock.calls).toEqual([[{ url: '/x?y=1' }]]);
        });
        test('fails', async () => {
          const gateway = { charge: vi.fn().mockRejectedValue(new Error('declined')) };
          await request(createApp({ gateway, log() {} })).get('/').expect(502);
        });
        test('with a clock that stands', async () => {
          vi.useFakeTimers({ now: 1234 });
          const gateway = { charge: async () => Date.now() };
          const { body } = await request(createApp({ gateway, log() {} })).get('/');
          vi.useRealTimers();
          expect(body.paid).toBe(1234);
        });
      });
      test('program', async () => {
        const { url, stop } = await startProgram({ NAME: 'service' });
        expect(await (await fetch(url)).text()).toBe('service');
        await stop();
        await expect(fetch(url)).rejects.toThrow();
        await expect(startProgram({})).rejects.toThrow('no name');
      });
      `,
      { level },
    );
    expect(results(ran)).toEqual({
      value: 'passed',
      wrong: 'expected [ 2 ] to deeply equal [ 3 ]',
      error: 'passed',
      arguments: 'passed',
      'no plain data': 'passed',
      'app > calls back': 'passed',
      'app > fails': 'passed',
      'app > with a clock that stands': 'passed',
      program: 'passed',
    });
    expect(ran.reached).toMatchObject({ requests: 3, programRequests: 1, started: 1, stopped: 1 });
    expect(ran.end).toMatchObject({ report: { waits: [], dialled: [], strays: [] } });
  });

  test('everything that tests can look at is the same for two programs', async () => {
    const look = `
      import fs from 'node:fs';
      import os from 'node:os';
      const here = process.cwd();
      const plain = (text) => String(text).replaceAll(here, 'HERE').replaceAll(/workbook-\\w+/g, 'FOLDER');
      const list = (folder) => { try { return fs.readdirSync(folder, { recursive: true }).map(plain).toSorted(); } catch (error) { return error.code; } };
      test('look', () => {
        const app = createApp({ gateway: {}, log() {} });
        console.log(JSON.stringify({
          env: process.env, argv: process.argv.map(plain), flags: process.execArgv.map(plain), title: process.title, versions: process.versions,
          url: plain(import.meta.url), here: list(here), globals: Object.getOwnPropertyNames(globalThis),
          source: [scale, createApp, startProgram, app.listeners('request')[0]].map((each) => each.toString()),
          stack: plain(new Error('here').stack), keys: Object.keys(app), listening: app.listening,
          thrown: (() => { try { scale({ numbers: [] }); } catch (error) { return plain(error.stack) + Object.keys(error); } })(),
          own: plain(fs.readFileSync(new URL(import.meta.url), 'utf8')), host: os.hostname(),
        }));
      });`;
    const [one, other] = await Promise.all([run(look, { level }), run(look, { level, factor: 3 })]);
    expect(one.output.text).toContain('"source"');
    expect(other.output.text).toBe(one.output.text);
  });

  test('nothing that a run leaves behind is there in the next', async () => {
    const leave = `
      import fs from 'node:fs';
      const places = ['/tmp/count', '/dev/shm/count', process.cwd() + '/count', new URL('count', import.meta.url).pathname];
      test('count', () => {
        const seen = places.filter((place) => { try { return fs.statSync(place); } catch { return false; } });
        for (const place of places) try { fs.writeFileSync(place, '1'); } catch {}
        globalThis.count = (globalThis.count ?? 0) + 1;
        process.env.COUNT = (process.env.COUNT ?? '') + 'x';
        expect([seen, globalThis.count, process.env.COUNT]).toEqual([[], 1, 'x']);
      });`;
    for (let count = 0; count < 2; count++) {
      expect(results(await run(leave, { level }))).toEqual({ count: 'passed' });
    }
  });

  test('no file, no other process and no other machine is in reach', async () => {
    const reach = `
      import fs from 'node:fs';
      import net from 'node:net';
      const code = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
      test('files', () => {
        expect(code(() => fs.readFileSync(${JSON.stringify(join(process.cwd(), 'package.json'))}))).not.toBe('done');
        expect(code(() => fs.readdirSync(${JSON.stringify(join(process.cwd(), 'exercises'))}))).not.toBe('done');
      });
      test('network', async () => {
        await expect(fetch('http://192.0.2.1/')).rejects.toThrow();
        await new Promise((resolve) => net.connect(80, 'example.com').on('error', resolve));
      });`;
    const ran = await run(reach, { level });
    expect(results(ran)).toEqual({ files: 'passed', network: 'passed' });
    expect(ran.end).toMatchObject({ report: { dialled: ['192.0.2.1', 'example.com'] } });
  });
});

describe('tests that harm themselves', () => {
  test.each([
    ['that end their process', `test('x', () => process.reallyExit(0));`, 'exited'],
    ['that loop', `test('x', () => { for (;;); });`, 'hung'],
    [
      'that close the pipe',
      `import fs from 'node:fs'; test('x', async () => { fs.closeSync(3); await new Promise(() => {}); });`,
      'crashed',
    ],
    [
      'that write garbage to the pipe',
      `import fs from 'node:fs'; test('x', async () => { fs.writeSync(3, 'garbage, garbage'); await new Promise(() => {}); });`,
      'crashed',
    ],
  ])('%s end alone', async (_which, text, cause) => {
    const ran = await run(text, { pace: 0.2 });
    expect(ran.end).toMatchObject({ kind: 'dead', death: { cause } });
  });

  test('that never end are ended', async () => {
    const ran = await run(
      `test('x', { timeout: 0 }, () => new Promise(() => setInterval(() => {}, 1000)));`,
      {
        pace: 0.1,
      },
    );
    const progress = { ended: 0, of: 1, file: 1, files: 1 };
    expect(ran.end).toMatchObject({ kind: 'late', why: 'silence', seconds: 1, progress });
  });

  test('that print without end are heard to the limit', async () => {
    const ran = await run(
      `test('x', () => { for (let i = 0; i < 2000; i++) console.log('x'.repeat(1000)); });`,
    );
    expect(ran.output.truncated).toBe(true);
    expect(results(ran)).toEqual({ x: 'passed' });
  });

  test('that forge an answer to the harness are a stranger whose word this is, and reach no program by it', async () => {
    const forge = `
      import fs from 'node:fs';
      const report = { files: [{ path: 'a', problems: [], tests: [{ name: 'made up', state: 'passed', errors: [] }] }], waits: [], dialled: [], strays: [] };
      for (let id = 1; id < 50; id++) {
        const body = Buffer.from(JSON.stringify({ id, result: { kind: 'value', value: JSON.stringify(report) } }));
        const head = Buffer.alloc(4); head.writeUInt32BE(body.length); fs.writeSync(3, Buffer.concat([head, body]));
      }
      test('real', () => expect(scale({ numbers: [1] })).toEqual([3]));`;
    const ran = await run(forge);
    expect(ran.reached.calls).toEqual({});
  });

  test('that ask for what no test may ask for get an error, and nothing is carried out', async () => {
    const ask = `
      import fs from 'node:fs';
      const send = (name, call, args) => {
        const body = Buffer.from(JSON.stringify({ event: 'called', name, call, args: JSON.stringify(args) }));
        const head = Buffer.alloc(4); head.writeUInt32BE(body.length); fs.writeSync(3, Buffer.concat([head, body]));
      };
      send('app', 1001, ['createApp', 'one', [{ $: 'dependency', v: ['database', { file: '/tmp/x.sqlite' }] }]]);
      send('call', 1002, ['__call', ['scale', []]]);
      send('call', 1003, ['constructor', []]);
      send('request', 1004, ['nobody', 'GET', '/', [], '']);
      send('load', 1005, ['/etc/passwd']);
      test('goes on', () => expect(scale({ numbers: [1] })).toEqual([2]));`;
    const ran = await run(ask);
    expect(results(ran)).toEqual({ 'goes on': 'passed' });
    expect(ran.reached).toEqual({
      calls: { scale: 1 },
      requests: 0,
      programRequests: 0,
      started: 0,
      stopped: 0,
    });
  });

  test('a file that fails as a whole, a focused test and a stray error are told', async () => {
    expect(results(await run(`throw new Error('at import');`))).toEqual({ file: 'at import' });
    expect(results(await run(`test('y', () => {}); test.only('x', () => {});`)).x).toMatch(/\.only/);
    const stray = await run(`test('x', () => { void Promise.reject(new Error('nobody waits')); });`);
    expect(stray.end).toMatchObject({ report: { strays: [{ message: 'nobody waits' }] } });
  });
});

describe('the world around tests', () => {
  test('dates are moved, timers that tests wait for are noted, and another seed gives another order', async () => {
    const text = `
      import { setTimeout as sleep } from 'node:timers/promises';
      let order = '';
      for (const name of 'abcdefgh') test(name, () => { order += name; });
      test('sleeps', async () => { await sleep(110); await new Promise((done) => setTimeout(done, 120)); });
      process.on('exit', () => {});
      test('z', () => console.log(new Date().getUTCFullYear() - new Date(${Date.now()}).getUTCFullYear(), typeof Date()));
      import { afterAll } from '${url('vitest')}';
      afterAll(() => console.log(order));`;
    const years = 4 * 365.25 * 86_400_000;
    const ran = await run(text, { world: { seed: 11, moved: years, bail: false } });
    expect(ran.output.text).toMatch(/^4 string$/m);
    const order = /^([a-h]{8})$/m.exec(ran.output.text)?.[1] ?? '';
    expect(order).not.toBe('abcdefgh');
    expect([...order].toSorted().join('')).toBe('abcdefgh');
    expect(ran.end.kind === 'report' ? ran.end.report.waits.toSorted((a, b) => a - b) : []).toEqual([
      110, 120,
    ]);
  });

  test('a call is waited for in real time also while timers are faked', async () => {
    const ran = await run(`
      test('x', async () => {
        vi.useFakeTimers();
        const charge = vi.fn(async () => 'paid');
        const answer = request(createApp({ gateway: { charge }, log: () => {} })).get('/').then((each) => each.status);
        await vi.waitFor(() => expect(charge).toHaveBeenCalled());
        expect(await answer).toBe(201);
      });`);
    expect(results(ran)).toEqual({ x: 'passed' });
  });

  test('a wait is noted, whichever way leads to the timer', async () => {
    const ran = await run(`
      import { promisify } from 'node:util';
      import { setTimeout as timer } from 'node:timers';
      import { scheduler } from 'node:timers/promises';
      test('x', async () => {
        await promisify(setTimeout)(101);
        await new Promise((done) => timer(done, 102));
        await scheduler.wait(103);
      });`);
    expect(results(ran)).toEqual({ x: 'passed' });
    expect(ran.end.kind === 'report' ? ran.end.report.waits : []).toEqual([101, 102, 103]);
  });

  test('a test that calls the program again and again does not count as a loop without an end', async () => {
    const text = `
      test('many', () => {
        const begun = Date.now();
        while (Date.now() < begun + 2_600) scale({ numbers: [1, 2, 3] });
      });`;
    expect(results(await run(text))).toEqual({ many: 'passed' });
  });

  test('where the first failure ends the run, one by a time limit does not', async () => {
    const text = `
      test('late', { timeout: 1 }, () => new Promise(() => {}));
      test('goes on', () => {});
      test('fails', () => expect(1).toBe(2));
      test('is left out', () => {});`;
    const ran = await run(text, { world: { ...AS_WRITTEN, bail: true } });
    expect(results(ran)).toMatchObject({ 'goes on': 'passed', 'is left out': 'skipped' });
  });
});
