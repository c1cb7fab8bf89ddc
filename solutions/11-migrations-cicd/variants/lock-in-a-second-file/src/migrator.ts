import type { Database } from 'better-sqlite3';
import { exclusively } from './lock.ts';
import { MigrationFile } from './migrations-folder.ts';

type Code = 'changed' | 'missing' | 'late' | 'duplicate' | 'failed' | 'irreversible';
type Applied = { name: string; checksum: string; applied_at: number };
type Dependencies = { db: Database; dir: string; clock: { now(): number } };

class Refusal extends Error {
  readonly code: Code;

  constructor(code: Code, name: string, detail = code as string) {
    super(`Migration ${name}: ${detail}`);
    this.code = code;
  }
}

class Migrator {
  readonly #db: Database;
  readonly #dir: string;
  readonly #clock: { now(): number };

  constructor({ db, dir, clock }: Dependencies) {
    this.#db = db;
    this.#dir = dir;
    this.#clock = clock;
  }

  up(): { applied: string[] } {
    return exclusively(this.#db.name, () => {
      const [problem] = this.verify().problems;
      if (problem) throw new Refusal(problem.code, problem.name);
      this.#db.exec(
        `CREATE TABLE IF NOT EXISTS schema_migrations (
           position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, checksum TEXT, applied_at INTEGER
         )`,
      );
      const done = this.#applied();
      const pending = MigrationFile.all(this.#dir).filter((file) => !done.has(file.name));
      for (const file of pending) {
        const text = file.text('up');
        this.#whole(file.name, text, () => {
          this.#db
            .prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
            .run(file.name, text, this.#clock.now());
        });
      }
      return { applied: pending.map((file) => file.name) };
    });
  }

  down(n = 1): { reverted: string[] } {
    return exclusively(this.#db.name, () => {
      const last = [...this.#applied().keys()]
        .map((name) => new MigrationFile(this.#dir, name))
        .sort(MigrationFile.compare)
        .reverse()
        .slice(0, n);
      const stuck = last.find((file) => !file.reversible);
      if (stuck) throw new Refusal('irreversible', stuck.name);
      for (const file of last) {
        this.#whole(file.name, file.text('down'), () => {
          this.#db.prepare('DELETE FROM schema_migrations WHERE name = ?').run(file.name);
        });
      }
      return { reverted: last.map((file) => file.name) };
    });
  }

  status(): { name: string; state: string; appliedAt: number | null }[] {
    const done = this.#applied();
    return MigrationFile.all(this.#dir).map(({ name }) => {
      const row = done.get(name);
      return row
        ? { name, state: 'applied', appliedAt: row.applied_at }
        : { name, state: 'pending', appliedAt: null };
    });
  }

  verify(): { ok: boolean; problems: { code: Code; name: string }[] } {
    const problems: { code: Code; name: string }[] = [];
    const done = this.#applied();
    const files = MigrationFile.all(this.#dir);
    let newer = false;
    for (const file of [...files, ...this.#gone(done, files)].sort(MigrationFile.compare).reverse()) {
      const row = done.get(file.name);
      if (row === undefined && newer) problems.push({ code: 'late', name: file.name });
      if (row !== undefined && !file.exists) problems.push({ code: 'missing', name: file.name });
      else if (row !== undefined && row.checksum !== file.text('up'))
        problems.push({ code: 'changed', name: file.name });
      if (files.some((other) => other.number === file.number && other.name > file.name)) {
        problems.push({ code: 'duplicate', name: file.name });
      }
      newer ||= row !== undefined;
    }
    return { ok: problems.length === 0, problems };
  }

  #gone(done: Map<string, Applied>, files: MigrationFile[]): MigrationFile[] {
    const there = new Set(files.map((file) => file.name));
    return [...done.keys()]
      .filter((name) => !there.has(name))
      .map((name) => new MigrationFile(this.#dir, name));
  }

  #applied(): Map<string, Applied> {
    try {
      const rows = this.#db
        .prepare('SELECT name, checksum, applied_at FROM schema_migrations')
        .all() as Applied[];
      return new Map(rows.map((row) => [row.name, row]));
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('no such table')) return new Map();
      throw error;
    }
  }

  /** All of the SQL with its change of the history, or nothing. Foreign keys are looked at once, at the end. */
  #whole(name: string, sql: string, remember: () => void): void {
    const enforced = this.#db.pragma('foreign_keys', { simple: true });
    this.#db.pragma('foreign_keys = OFF');
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#db.exec(sql);
      const broken = this.#db.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0) throw new Error('a foreign key points nowhere');
      remember();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw new Refusal('failed', name, error instanceof Error ? error.message : String(error));
    } finally {
      this.#db.pragma(`foreign_keys = ${enforced === 1 ? 'ON' : 'OFF'}`);
    }
  }
}

export const createMigrator = (dependencies: Dependencies): Migrator => new Migrator(dependencies);
