import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';

/** What the migrator is given from outside. */
export type Dependencies = {
  db: Database;
  /** The absolute path of the folder with the migrations. */
  dir: string;
  /** Milliseconds since 1970. */
  clock: { now(): number };
};

export type Status = { name: string; state: 'applied' | 'pending'; appliedAt: number | null };
export type ProblemCode = 'changed' | 'missing' | 'late' | 'duplicate';
export type Problem = { code: ProblemCode; name: string };

export type Migrator = {
  /** The names of the migrations that it applied, in order. */
  up(): { applied: string[] };
  /** The names of the migrations that it took back, in order. */
  down(n?: number): { reverted: string[] };
  status(): Status[];
  verify(): { ok: boolean; problems: Problem[] };
};

/** Why a method could not do its work. */
export class MigrationError extends Error {
  override name = 'MigrationError';
  readonly code: ProblemCode | 'failed' | 'irreversible' | 'locked';

  constructor(code: MigrationError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

type Applied = { name: string; checksum: string; applied_at: number };

const HISTORY = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
  )`;

const SAID: Record<ProblemCode, string> = {
  changed: 'was edited after it had been applied',
  missing: 'was applied, and its file is gone',
  late: 'has a lower number than one that was applied',
  duplicate: 'has a number that another one has too',
};

/** Names begin with digits. Numbers of any size. */
const numberOf = (name: string): bigint => BigInt(/^\d+/.exec(name)?.[0] ?? '0');

const isBusy = (error: unknown): boolean =>
  String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createMigrator({ db, dir, clock }: Dependencies): Migrator {
  /** The text of a file, the same after a checkout on any system. */
  function textOf(file: string): string {
    return readFileSync(join(dir, file), 'utf8').replaceAll('\r\n', '\n');
  }

  function checksumOf(name: string): string {
    return createHash('sha256').update(textOf(`${name}.up.sql`)).digest('hex');
  }

  /** The names of all migrations of the folder, in the order of their numbers. */
  function files(): string[] {
    const names = readdirSync(dir).flatMap((file) => /^(\d+_.+)\.up\.sql$/.exec(file)?.[1] ?? []);
    return names.sort((a, b) => {
      const [first, second] = [numberOf(a), numberOf(b)];
      if (first === second) return a < b ? -1 : 1;
      return first < second ? -1 : 1;
    });
  }

  /** What was applied, in the order in which it was. */
  function history(): Applied[] {
    const there = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'").get();
    if (there === undefined) return [];
    const all = db.prepare<[], Applied>('SELECT name, checksum, applied_at FROM schema_migrations ORDER BY rowid');
    return all.safeIntegers(false).all();
  }

  function problemsOf(names: string[], applied: Applied[]): Problem[] {
    const appliedNames = new Set(applied.map(({ name }) => name));
    const highest = applied.map(({ name }) => numberOf(name)).reduce((a, b) => (a > b ? a : b), -1n);
    const problems: Problem[] = [];
    for (const { name, checksum } of applied) {
      if (!names.includes(name)) problems.push({ code: 'missing', name });
      else if (checksumOf(name) !== checksum) problems.push({ code: 'changed', name });
    }
    names.forEach((name, i) => {
      const before = names[i - 1];
      if (before !== undefined && numberOf(before) === numberOf(name)) problems.push({ code: 'duplicate', name });
      if (!appliedNames.has(name) && numberOf(name) < highest) problems.push({ code: 'late', name });
    });
    return problems;
  }

  /** Says `locked` for what SQLite calls busy. */
  function unlessBusy<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isBusy(error)) throw new MigrationError('locked', 'another migrator is at work, or the database is busy', error);
      throw error;
    }
  }

  /** One transaction with the write lock from its beginning. The lock ends with the process. */
  function locked<T>(work: () => T): T {
    return unlessBusy(() => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        if (db.inTransaction) db.exec('COMMIT');
        return result;
      } finally {
        if (db.inTransaction) db.exec('ROLLBACK');
      }
    });
  }

  /** Runs one file, and notes it in the history, and commits: anything that goes wrong there is `failed`. */
  function migrate(file: string, note: () => void): void {
    try {
      db.exec(textOf(file));
      note();
      db.exec('COMMIT'); // some foreign keys are looked at here, and no sooner
    } catch (error) {
      if (isBusy(error)) throw error;
      throw new MigrationError('failed', `${file} failed: ${messageOf(error)}`, error);
    }
  }

  /** Applies the first one that is pending. Undefined: there is none. */
  function next(): string | undefined {
    return locked(() => {
      db.exec(HISTORY);
      const names = files();
      const applied = history();
      const [problem] = problemsOf(names, applied);
      if (problem !== undefined) throw new MigrationError(problem.code, `${problem.name} ${SAID[problem.code]}`);
      const done = new Set(applied.map(({ name }) => name));
      const name = names.find((one) => !done.has(one));
      if (name === undefined) return undefined;
      migrate(`${name}.up.sql`, () => {
        db.prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)').run(
          name,
          checksumOf(name),
          clock.now(),
        );
      });
      return name;
    });
  }

  return {
    up() {
      const applied: string[] = [];
      for (let name = next(); name !== undefined; name = next()) applied.push(name);
      return { applied };
    },

    down(n = 1) {
      const reverted = locked(() => history().reverse().slice(0, n)).map(({ name }) => name);
      const stuck = reverted.find((name) => !existsSync(join(dir, `${name}.down.sql`)));
      if (stuck !== undefined) throw new MigrationError('irreversible', `${stuck} has no down file`);
      for (const name of reverted) {
        locked(() => {
          if (history().at(-1)?.name !== name) throw new MigrationError('locked', 'another migrator is at work');
          migrate(`${name}.down.sql`, () => {
            db.prepare('DELETE FROM schema_migrations WHERE name = ?').run(name);
          });
        });
      }
      return { reverted };
    },

    status() {
      return unlessBusy(() => {
        const times = new Map(history().map(({ name, applied_at }) => [name, applied_at]));
        return files().map((name) => ({
          name,
          state: times.has(name) ? 'applied' : 'pending',
          appliedAt: times.get(name) ?? null,
        }));
      });
    },

    verify() {
      return unlessBusy(() => {
        const problems = problemsOf(files(), history());
        return { ok: problems.length === 0, problems };
      });
    },
  };
}
