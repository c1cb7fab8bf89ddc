import Database from 'better-sqlite3';
import { createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { GracefulServer } from './graceful-server.ts';
import { Log, stackOf } from './log.ts';
import { Redactor } from './redactor.ts';
import { readSettings, type Settings } from './settings.ts';

// The program that is started, with its settings in the environment:
//   APP_DB=.workbook/notes.db APP_METRICS_TOKEN=0123456789abcdef npx tsx exercises/12-production/src/main.ts

const write = (text: string): unknown => process.stdout.write(text);

/** Ends the process when stdout has taken everything, or soon after when it does not. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
  setTimeout(() => process.exit(code), 500);
}

class Program {
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #db: Database.Database;
  readonly #server: GracefulServer;
  #ending = false;

  constructor(settings: Settings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#db = new Database(settings.db);
    const app = createApp({
      db: this.#db,
      mail: async () => {},
      checks: [
        { name: 'database', check: async () => this.#db.prepare('SELECT id FROM notes LIMIT 1').get() },
        {
          name: 'running',
          check: () => (this.#ending ? Promise.reject(new Error('ending')) : Promise.resolve()),
        },
      ],
      checkTimeoutMs: 1_000,
      clock: systemClock,
      write,
      metricsToken: settings.metricsToken,
      logLevel: settings.logLevel,
    });
    this.#server = new GracefulServer(app);
  }

  async start(): Promise<void> {
    const port = await this.#server.listen(this.#settings.port, '127.0.0.1');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void this.#end(signal));
    this.#log.info('listening', { port });
  }

  async #end(signal: string): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    const { drainMs, graceMs } = this.#settings;
    this.#log.info('ending', { signal });
    if (drainMs > 0) await systemClock.sleep(drainMs);
    const finished = await Promise.race([
      this.#server.close().then(() => true),
      systemClock.sleep(graceMs).then(() => false),
    ]);
    this.#db.close();
    if (finished) this.#log.info('ended');
    else this.#log.error('the grace is over, and requests were cut off');
    exit(finished ? 0 : 1);
  }
}

function main(): void {
  const result = readSettings(process.env);
  const log = new Log({ clock: systemClock, write, level: result.ok ? result.settings.logLevel : 'error' });
  if (!result.ok) {
    for (const { variable, reason } of result.faults) log.error(`${variable} ${reason}`, { variable });
    exit(1);
    return;
  }
  const { settings } = result;
  const redactor = new Redactor([settings.metricsToken]);
  const die = (error: unknown): void => {
    log.error('an error that nobody caught', { stack: redactor.clean(stackOf(error)) });
    exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  new Program(settings, log).start().catch(die);
}

main();
