import { pathToFileURL } from 'node:url';
import { REHEARSE } from '../message/host.ts';
import type { HostRequest, HostResult } from '../message/host.ts';
import { decode, describeError, encode, NotPlain } from '../message/plain.ts';
import { openChannel } from './channel.ts';
import { installDate, MovedClock } from './clock.ts';
import { closeDatabases, loadSqlite } from './databases.ts';
import { build } from './dependencies.ts';
import { allowFlush } from './flush.ts';
import { answerPlayed, forgetPlayed } from './played.ts';
import { rehearse } from './rehearsal.ts';
import { Servers, shapeOf } from './servers.ts';
import { closeSql, openSql, runSql } from './sql.ts';
import { addTrap, forgetStatements, removeTraps, statementsRun, watchStatements } from './statements.ts';

const clock = new MovedClock();
const servers = new Servers();
let subject: Record<string, unknown> = {};

process.setSourceMapsEnabled(true);
installDate(clock);
const flushing = allowFlush();

const channel = openChannel((id, request) => {
  void answer(request).then((result) => {
    channel.send({ id, result });
  });
});

// A monitor only listens: the process still dies as it would anywhere else, which is what the suite must see.
process.on('uncaughtExceptionMonitor', (error: unknown, origin) => {
  channel.sendNow({ event: 'uncaught', origin, error: withStack(error) });
});

const [, , ...words] = process.argv;
const packages = preload(words.filter((word) => word !== REHEARSE));
channel.send({ event: 'ready', node: process.version });

// Kept from before the program is loaded, so that it cannot be replaced by accident.
const cpuUsage = process.cpuUsage.bind(process);
function computed(): number {
  const { user, system } = cpuUsage();
  return user + system;
}

async function answer(request: HostRequest): Promise<HostResult> {
  try {
    return await perform(request);
  } catch (thrown) {
    return { kind: 'threw', error: withStack(thrown) };
  }
}

function withStack(thrown: unknown): Extract<HostResult, { kind: 'threw' }>['error'] {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { ...describeError(thrown), stack: typeof stack === 'string' ? stack.slice(0, 20_000) : null };
}

async function perform(request: HostRequest): Promise<HostResult> {
  switch (request.op) {
    case 'load':
      return await load(request.file, request.now);
    case 'reset':
      clock.reset(request.now);
      forgetPlayed();
      forgetStatements();
      closeDatabases();
      closeSql();
      return { kind: 'done' };
    case 'call':
      return await call(request);
    case 'batch':
      return {
        kind: 'batch',
        results: await Promise.all(
          request.calls.map((each) => answer({ op: 'call', ...on(request), ...each, keep: null })),
        ),
      };
    case 'listen':
      return await servers.listen(request.handle);
    case 'close':
      return servers.close(request.handle);
    case 'connections':
      return await servers.connections(request.handle);
    case 'computed':
      return { kind: 'count', count: computed() };
    case 'waiting':
      await clock.waiting(request.count);
      return { kind: 'done' };
    case 'advance':
      await clock.advance(request.ms);
      return { kind: 'done' };
    case 'flow':
      clock.flow();
      return { kind: 'done' };
    case 'answer':
      answerPlayed(request.call, request.outcome);
      return { kind: 'done' };
    case 'trap':
      addTrap(request);
      return { kind: 'done' };
    case 'disarm':
      removeTraps();
      return { kind: 'done' };
    case 'statements':
      return { kind: 'texts', texts: statementsRun() };
    case 'sql-open':
      return openSql(await loadSqlite(), request.handle, request.scripts);
    case 'sql-run':
      return runSql(request.handle, request.sql, decoded(request.params), request.mode);
    case 'ping':
      return { kind: 'count', count: process.memoryUsage.rss() };
    case 'tests':
      return { kind: 'cannot', why: 'a host runs no tests' };
  }
}

/** `file` null: a part of SQL files, which brings no code. */
async function load(file: string | null, now: number): Promise<HostResult> {
  await packages;
  await flushing;
  clock.reset(now);
  if (file === null) return { kind: 'loaded', exports: {} };
  subject = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const types = Object.keys(subject).map((name) => [name, typeof subject[name]] as const);
  return { kind: 'loaded', exports: Object.fromEntries(types) };
}

type Call = Extract<HostRequest, { op: 'call' }>;

async function call({ export: name, args: text, keep, on: owner }: Call): Promise<HostResult> {
  const self = owner === undefined ? undefined : servers.kept(owner);
  const target =
    owner === undefined ? subject[name] : (self as Record<string, unknown> | null | undefined)?.[name];
  const kind = owner === undefined ? 'function' : 'method';
  if (typeof target !== 'function') return { kind: 'cannot', why: `there is no ${kind} called ${name}` };
  const args = build(decoded(text), {
    clock,
    send: (event) => channel.send(event),
    keep: (handle, value) => servers.keep(handle, value),
    kept: (handle) => servers.kept(handle),
  }) as unknown[];
  const returned: unknown = Reflect.apply(target, self, args);
  const value: unknown = await returned;
  if (keep !== null) {
    servers.keep(keep, value);
    return { kind: 'kept', shape: shapeOf(value) };
  }
  try {
    return { kind: 'value', value: encode(value), ...(returned instanceof Promise ? { later: true } : {}) };
  } catch (error) {
    if (error instanceof NotPlain) return { kind: 'cannot', why: `${name} returned ${error.message}` };
    throw error;
  }
}

function on(request: { on?: string }): { on?: string } {
  return request.on === undefined ? {} : { on: request.on };
}

function decoded(text: string): unknown {
  const value = decode(text);
  if (!value.ok) throw new Error(`the arguments did not arrive: ${value.why}`);
  return value.value;
}

/** What the part may import is loaded before anyone asks, and patched before the subject can hold it. */
async function preload(names: readonly string[]): Promise<void> {
  if (names.includes('better-sqlite3')) {
    watchStatements(await loadSqlite(), (sql) => channel.sendNow({ event: 'paused', sql }));
  }
  await Promise.all(names.map((name) => import(name)));
  if (!words.includes(REHEARSE)) return;
  await rehearse(names);
  forgetStatements();
}
