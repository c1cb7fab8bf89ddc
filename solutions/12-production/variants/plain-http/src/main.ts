import Sqlite from 'better-sqlite3';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { Connections } from './connections.ts';
import { Journal, type Level, stackOf } from './journal.ts';
import { Environment, readSettings, type Settings } from './settings.ts';

const write = (text: string): unknown => process.stdout.write(text);

/** Ends the program when everything that was written is out. */
function exit(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

class Program {
  private readonly settings: Settings;
  private readonly journal: Journal;
  private leaving = false;

  constructor(settings: Settings, journal: Journal) {
    this.settings = settings;
    this.journal = journal;
  }

  start(): void {
    const { file, metricsToken, port, level } = this.settings;
    const db = new Sqlite(file);
    const server = createApp({
      db,
      mail: async () => {},
      checks: [
        { name: 'database', check: async () => db.prepare('SELECT 1').get() },
        {
          name: 'staying',
          check: () => (this.leaving ? Promise.reject(new Error('leaving')) : Promise.resolve()),
        },
      ],
      checkTimeoutMs: 1000,
      clock: { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()) },
      write,
      metricsToken,
      level,
    });
    const connections = new Connections(server);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => void this.leave(connections, db));
    }
    server.listen(port, '127.0.0.1', () => {
      this.journal.line('info', 'listening', { port: (server.address() as AddressInfo).port });
    });
  }

  private async leave(connections: Connections, db: Sqlite.Database): Promise<void> {
    if (this.leaving) return;
    this.leaving = true;
    const { drainMs, graceMs } = this.settings;
    await new Promise((resolve) => setTimeout(resolve, drainMs));
    const timer = setTimeout(() => {
      this.journal.line('error', 'the grace is over, and requests are still under way', { graceMs });
      exit(1);
    }, graceMs);
    await connections.end();
    clearTimeout(timer);
    db.close();
    this.journal.line('info', 'the end');
    exit(0);
  }
}

function main(): void {
  let level: Level = 'info';
  const journal = (): Journal => new Journal(Date.now, write, level);
  const fail = (error: unknown): void => {
    journal().line('error', 'nobody expected this', { stack: stackOf(error) });
    exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const environment = new Environment(process.env);
  const settings = readSettings(environment);
  if (environment.complaints.length > 0) {
    for (const complaint of environment.complaints) journal().line('error', complaint);
    exit(1);
    return;
  }
  level = settings.level;
  new Program(settings, journal()).start();
}

main();
