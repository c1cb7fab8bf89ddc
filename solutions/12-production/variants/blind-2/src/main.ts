import type { AddressInfo, Socket } from 'node:net';
import Database from 'better-sqlite3';
import { createApp } from './app.ts';
import { createLog, LEVELS, stackOf, type Level } from './log.ts';

// The program that is started, with its settings in the environment:
//   APP_DB=.workbook/notes.db APP_METRICS_TOKEN=0123456789abcdef npx tsx exercises/12-production/src/main.ts

type Settings = { db: string; metricsToken: string; port: number; level: Level; drainMs: number; graceMs: number };

/** What is wrong with the settings stands in `problems`, without their values. */
function readSettings(env: NodeJS.ProcessEnv): { settings: Settings; problems: string[] } {
  const problems: string[] = [];
  const known = new Set<string>();

  function read<T>(name: string, otherwise: string | undefined, what: string, parse: (text: string) => T | undefined): T {
    known.add(name);
    const text = env[name] ?? otherwise;
    const value = text === undefined ? undefined : parse(text);
    if (value === undefined) problems.push(`${name} ${text === undefined ? 'is missing: it is' : 'is wrong: it must be'} ${what}`);
    return value as T;
  }
  const whole = (least: number, most: number) => (text: string) => {
    const value = Number(text);
    return /^[0-9]+$/.test(text) && value >= least && value <= most ? value : undefined;
  };

  const settings = {
    db: read('APP_DB', undefined, 'the path of the database file', (text) => text || undefined),
    metricsToken: read('APP_METRICS_TOKEN', undefined, 'a secret of 16 characters or more', (text) =>
      text.length >= 16 ? text : undefined,
    ),
    port: read('APP_PORT', '4000', 'a whole number from 0 to 65535', whole(0, 65_535)),
    level: read('APP_LOG_LEVEL', 'info', `one of ${LEVELS.join(', ')}`, (text) => LEVELS.find((level) => level === text)),
    drainMs: read('APP_DRAIN_MS', '0', 'a whole number from 0 to 60000', whole(0, 60_000)),
    graceMs: read('APP_GRACE_MS', '10000', 'a whole number from 1 to 600000', whole(1, 600_000)),
  };
  for (const name of Object.keys(env)) {
    if (name.startsWith('APP_') && !known.has(name)) problems.push(`${name} is not known`);
  }
  return { settings, problems };
}

const write = (text: string) => process.stdout.write(text);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ends the program when all lines are out; whoever reads them has half a second. */
function exit(code: number): void {
  process.stdout.write('', () => process.exit(code));
  setTimeout(() => process.exit(code), 500);
}

function run({ db: file, metricsToken, port, level, drainMs, graceMs }: Settings): void {
  const log = createLog({ write, now: Date.now, least: level });

  const crash = (error: unknown): void => {
    log('error', 'an error that nobody caught', { stack: stackOf(error, [metricsToken]) });
    exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  const db = new Database(file);
  let ending = false;
  let closing = false;
  /** How many requests are under way on each connection. */
  const underWay = new Map<Socket, number>();
  const total = (): number => [...underWay.values()].reduce((sum, count) => sum + count, 0);
  let tellIdle = (): void => {};

  const server = createApp({
    db,
    mail: async () => {},
    checks: [{ name: 'database', check: async () => db.prepare('SELECT 1').get() }],
    checkTimeoutMs: 1_000,
    clock: { now: Date.now, sleep },
    write,
    metricsToken,
    logLevel: level,
    ending: () => ending,
  });

  server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => {
      underWay.delete(socket);
      if (total() === 0) tellIdle();
    });
  });
  server.prependListener('request', (request, response) => {
    const { socket } = request;
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1;
      if (underWay.has(socket)) underWay.set(socket, left);
      if (closing && left === 0) socket.destroySoon();
      if (total() === 0) tellIdle();
    });
  });

  async function end(signal: string): Promise<void> {
    if (ending) return;
    ending = true;
    log('info', 'ending', { signal });
    await sleep(drainMs);

    closing = true;
    setTimeout(() => {
      log('error', 'the grace is over: requests were cut off', { cutOff: total() });
      exit(1);
    }, graceMs);
    server.close();
    for (const [socket, count] of underWay) if (count === 0) socket.destroy();
    if (total() > 0) await new Promise<void>((resolve) => (tellIdle = resolve));
    await sleep(50); // what was answered last is on its way out
    server.closeAllConnections();
    db.close();
    log('info', 'ended');
    exit(0);
  }

  process.on('SIGTERM', (signal) => void end(signal));
  process.on('SIGINT', (signal) => void end(signal));
  server.listen(port, '127.0.0.1', () => {
    log('info', 'listening', { port: (server.address() as AddressInfo).port });
  });
}

const { settings, problems } = readSettings(process.env);
if (problems.length === 0) {
  run(settings);
} else {
  const log = createLog({ write, now: Date.now, least: 'error' });
  for (const problem of problems) log('error', problem);
  process.exitCode = 1;
}
