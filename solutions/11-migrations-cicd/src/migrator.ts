import type { Database } from 'better-sqlite3';
import { findProblems, History } from './history.ts';
import { readMigrations, type Migration } from './migration-files.ts';

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

  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function createMigrator({ db, dir, clock }: Dependencies): Migrator {
  const history = new History(db);

  /**
   * One step under the write lock of the database, which SQLite gives to one process at a time and takes away when that
   * process dies. Whatever is decided here is decided after all others are done.
   */
  function locked<T>(step: () => T): T {
    try {
      return db.transaction(step).immediate();
    } catch (error) {
      if (!isBusy(error)) throw error;
      throw new MigrationError('locked', 'another migrator is at work on this database', { cause: error });
    }
  }

  function run(migration: Migration, sql: string): void {
    try {
      db.exec(sql);
    } catch (error) {
      if (isBusy(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new MigrationError('failed', `${migration.name} failed: ${why}`, { cause: error });
    }
  }

  /** Applies the next pending migration, if there is one. */
  function applyNext(migrations: readonly Migration[]): string | null {
    return locked(() => {
      history.create();
      const applied = history.list();
      const [problem] = findProblems(migrations, applied);
      if (problem !== undefined) throw new MigrationError(problem.code, `${problem.name} is ${problem.code}`);
      const done = new Set(applied.map(({ name }) => name));
      const next = migrations.find(({ name }) => !done.has(name));
      if (next === undefined) return null;
      run(next, next.up);
      history.add(next, clock.now());
      return next.name;
    });
  }

  return {
    up() {
      const migrations = readMigrations(dir);
      const applied: string[] = [];
      // A transaction for each, and not one around all: what worked stays, and the lock is given up in between.
      for (let name = applyNext(migrations); name !== null; name = applyNext(migrations)) applied.push(name);
      return { applied };
    },

    down(n = 1) {
      const files = new Map(readMigrations(dir).map((migration) => [migration.name, migration]));
      return locked(() => {
        const last = history
          .list()
          .map(({ name }) => name)
          .toReversed()
          .slice(0, n);
        const steps = last.map((name) => {
          const migration = files.get(name);
          if (migration === undefined) throw new MigrationError('missing', `${name} has no file`);
          const { down } = migration;
          if (down === null) throw new MigrationError('irreversible', `${name} cannot be taken back`);
          return { migration, down };
        });
        for (const { migration, down } of steps) {
          run(migration, down);
          history.remove(migration.name);
        }
        return { reverted: last };
      });
    },

    status() {
      const applied = new Map(history.list().map(({ name, appliedAt }) => [name, appliedAt]));
      return readMigrations(dir).map(({ name }) => {
        const appliedAt = applied.get(name) ?? null;
        return { name, state: appliedAt === null ? 'pending' : 'applied', appliedAt };
      });
    },

    verify() {
      const problems = findProblems(readMigrations(dir), history.list());
      return { ok: problems.length === 0, problems };
    },
  };
}

function isBusy(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : null;
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
