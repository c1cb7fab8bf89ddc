import type { Database } from 'better-sqlite3';
import { History, type Entry } from './history.ts';
import { isBusy, MigrationError, type ProblemCode } from './migration-error.ts';
import { MigrationFolder, numberOf } from './migration-folder.ts';

export { MigrationError, type ProblemCode } from './migration-error.ts';

/** What the migrator is given from outside. */
export type Dependencies = {
  db: Database;
  /** The absolute path of the folder with the migrations. */
  dir: string;
  /** Milliseconds since 1970. */
  clock: { now(): number };
};

export type Status = { name: string; state: 'applied' | 'pending'; appliedAt: number | null };
export type Problem = { code: ProblemCode; name: string };

export class Migrator {
  readonly #db: Database;
  readonly #clock: Dependencies['clock'];
  readonly #folder: MigrationFolder;
  readonly #history: History;
  /** What fails when something fails now. */
  #step: string | null = null;

  constructor({ db, dir, clock }: Dependencies) {
    this.#db = db;
    this.#clock = clock;
    this.#folder = new MigrationFolder(dir);
    this.#history = new History(db);
  }

  /** The names of the migrations that it applied, in order. */
  up(): { applied: string[] } {
    const applied: string[] = [];
    for (;;) {
      const name = this.#alone(() => this.#applyNext());
      if (name === null) return { applied };
      applied.push(name);
    }
  }

  /** The names of the migrations that it took back, in order: all of them, or none. */
  down(n = 1): { reverted: string[] } {
    return this.#alone(() => {
      const names = this.#history
        .entries()
        .map(({ name }) => name)
        .reverse()
        .slice(0, Math.max(0, n));
      const planned = names.map((name) => ({ name, sql: this.#folder.downOf(name) }));
      for (const { name, sql } of planned) {
        if (sql === null) throw new MigrationError('irreversible', `${name} has no down file`);
      }
      for (const { name, sql } of planned) {
        this.#step = `${name} could not be taken back`;
        this.#db.exec(sql ?? '');
        this.#history.remove(name);
      }
      return { reverted: names };
    });
  }

  status(): Status[] {
    const entries = this.#entriesByName();
    return this.#folder.migrations.map(({ name }) => {
      const entry = entries.get(name);
      return entry === undefined
        ? { name, state: 'pending', appliedAt: null }
        : { name, state: 'applied', appliedAt: entry.appliedAt };
    });
  }

  verify(): { ok: boolean; problems: Problem[] } {
    const entries = this.#entriesByName();
    const { migrations } = this.#folder;
    const highest = Math.max(-1, ...[...entries.keys()].map(numberOf));
    const problems: Problem[] = [];

    for (const { name, checksum } of entries.values()) {
      const file = this.#folder.find(name);
      if (file === undefined) problems.push({ code: 'missing', name });
      else if (file.checksum !== checksum) problems.push({ code: 'changed', name });
    }
    for (const [place, { name, number }] of migrations.entries()) {
      if (!entries.has(name) && number < highest) problems.push({ code: 'late', name });
      if (migrations[place - 1]?.number === number) problems.push({ code: 'duplicate', name });
    }
    return { ok: problems.length === 0, problems };
  }

  /** Applies the first pending migration. `null`: there is none. */
  #applyNext(): string | null {
    const [problem] = this.verify().problems;
    if (problem !== undefined) {
      throw new MigrationError(problem.code, `${problem.name} is a problem: ${problem.code}`);
    }
    this.#history.prepare();
    const entries = this.#entriesByName();
    const next = this.#folder.migrations.find(({ name }) => !entries.has(name));
    if (next === undefined) return null;
    const { name } = next;
    this.#step = `${name} could not be applied`;
    this.#db.exec(next.up);
    this.#history.add({ name, checksum: next.checksum, appliedAt: this.#clock.now() });
    return name;
  }

  /** Runs `work` in one transaction, while nobody else writes. The lock ends with the process. */
  #alone<Result>(work: () => Result): Result {
    this.#step = null;
    try {
      return this.#db.transaction(work).immediate();
    } catch (error) {
      if (error instanceof MigrationError) throw error;
      if (isBusy(error)) throw new MigrationError('locked', 'another migrator is at work', { cause: error });
      if (this.#step === null) throw error;
      // Also the commit can fail: a deferred foreign key is looked at there.
      const reason = error instanceof Error ? error.message : String(error);
      throw new MigrationError('failed', `${this.#step}: ${reason}`, { cause: error });
    }
  }

  #entriesByName(): Map<string, Entry> {
    return new Map(this.#history.entries().map((entry) => [entry.name, entry]));
  }
}

export function createMigrator(dependencies: Dependencies): Migrator {
  return new Migrator(dependencies);
}
