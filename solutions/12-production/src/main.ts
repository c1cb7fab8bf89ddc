import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { createApp } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { drainable } from './drain.ts';
import { createLog, stackOf } from './log.ts';

// The program that is started, with its settings in the environment:
//   APP_DB=.workbook/notes.db APP_METRICS_TOKEN=0123456789abcdef npx tsx exercises/12-production/src/main.ts

const clock = {
  now: Date.now,
  sleep: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
};
const write = (text: string): unknown => process.stdout.write(text);

/** Ends the process behind the last line: on some systems a pipe is written later. */
function exit(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

// Before anything else can go wrong. Node brings promises that nobody handles here too. Afterwards nobody knows in which
// state the program is, so it does not go on: what started it starts it anew.
process.on('uncaughtException', (error) => {
  createLog({ write, clock }).error('uncaught', { stack: stackOf(error) });
  exit(1);
});

const read = readConfig(process.env);
if (read.ok) {
  run(read.config);
} else {
  const log = createLog({ write, clock });
  for (const { variable, problem } of read.problems) log.error(`${variable}: ${problem}`, { variable });
  exit(1);
}

function run({ db: file, metricsToken, port, level, drainMs, graceMs }: Config): void {
  const log = createLog({ write, clock, level });
  const db = new Database(file);
  let stopping = false;

  const checks = [
    { name: 'database', check: async () => db.prepare('SELECT count(*) FROM sqlite_schema').get() },
    { name: 'not stopping', check: async () => (stopping ? Promise.reject(new Error('stopping')) : true) },
  ];
  const app = createApp({
    db,
    mail: async () => {},
    checks,
    checkTimeoutMs: 1_000,
    clock,
    write,
    metricsToken,
    level,
  });
  const server = createServer(app);
  const { drain } = drainable(server);

  const stop = async (signal: string): Promise<void> => {
    // The second signal: a terminal sends SIGINT to npm and to us, and npm sends it once more.
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal, drainMs, graceMs });
    await clock.sleep(drainMs);
    const grace = setTimeout(() => {
      log.error('cut off: requests took longer than the grace');
      db.close();
      exit(1);
    }, graceMs);
    await drain();
    clearTimeout(grace);
    db.close();
    log.info('stopped');
    exit(0);
  };
  // `on`, not `once`: behind a `once` the second signal would find no handler, and kill.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

  server.listen(port, '127.0.0.1', () => {
    log.info('listening', { port: (server.address() as AddressInfo).port });
  });
}
