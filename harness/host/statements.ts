import { readSync } from 'node:fs';
import type Sqlite from 'better-sqlite3';
import type { HostRequest } from '../message/host.ts';

type Trap = Omit<Extract<HostRequest, { op: 'trap' }>, 'op'> & { seen: number };

/** The descriptor on which a paused program waits to be let go. */
const RELEASE = 4;
const LOG_LIMIT = 2_000;
const METHODS = ['run', 'get', 'all', 'iterate'] as const;

let log: string[] = [];
let traps: Trap[] = [];

/**
 * Sees every statement before it runs. The methods are patched on their prototypes before the subject is loaded, so that
 * BEGIN and COMMIT of `db.transaction` are seen too.
 */
export function watchStatements(Database: typeof Sqlite, onPause: (sql: string) => void): void {
  const scratch = new Database(':memory:');
  const statement = Object.getPrototypeOf(scratch.prepare('SELECT 1')) as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  scratch.close();
  for (const name of METHODS) {
    const real = statement[name];
    if (real === undefined) continue;
    statement[name] = function patched(this: Sqlite.Statement, ...args: unknown[]): unknown {
      before(this.source, onPause);
      return Reflect.apply(real, this, args);
    };
  }
  const prototype = Database.prototype as unknown as { exec: (sql: string) => unknown };
  const { exec } = prototype;
  prototype.exec = function patched(this: Sqlite.Database, sql: string): unknown {
    before(String(sql), onPause);
    return Reflect.apply(exec, this, [sql]);
  };
}

export function addTrap(trap: Omit<Trap, 'seen'>): void {
  traps.push({ ...trap, seen: 0 });
}

export function removeTraps(): void {
  traps = [];
}

export function statementsRun(): string[] {
  return log;
}

export function forgetStatements(): void {
  log = [];
  traps = [];
}

function before(sql: string, onPause: (sql: string) => void): void {
  if (log.length < LOG_LIMIT) log.push(sql.slice(0, 2_000));
  for (const trap of traps) {
    if (!sql.toLowerCase().includes(trap.text.toLowerCase()) || ++trap.seen !== trap.nth) continue;
    traps = traps.filter((other) => other !== trap);
    spring(trap, sql, onPause);
    return;
  }
}

function spring({ action }: Trap, sql: string, onPause: (sql: string) => void): void {
  switch (action.kind) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'throw': {
      const error = new Error(FAILURES[action.code] ?? 'database failure') as Error & { code: string };
      error.name = 'SqliteError';
      error.code = action.code;
      throw error;
    }
    case 'pause':
      onPause(sql);
      waitForRelease();
  }
}

/** Stands still, the event loop with it, until one byte comes: as a program does that the system has put aside. */
function waitForRelease(): void {
  const byte = Buffer.alloc(1);
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      readSync(RELEASE, byte, 0, 1, null);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleep, 0, 0, 2);
    }
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'database or disk is full',
  SQLITE_BUSY: 'database is locked',
  SQLITE_IOERR: 'disk I/O error',
};
