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

/** Each method may also return a promise of its result. */
export type Migrator = {
  /** The names of the migrations that it applied, in order. */
  up(): { applied: string[] };
  /** The names of the migrations that it took back, in order. */
  down(n?: number): { reverted: string[] };
  status(): Status[];
  verify(): { ok: boolean; problems: Problem[] };
};

/** Why a method could not do its work. The check reads `code`, and looks for the migration's name in `message`. */
export class MigrationError extends Error {
  override name = 'MigrationError';
  readonly code: ProblemCode | 'failed' | 'irreversible' | 'locked';

  constructor(code: MigrationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export function createMigrator({ db, dir, clock }: Dependencies): Migrator {
  return {
    up() {
      // TODO R1: read the folder, and run what is pending, in the order of the numbers.
      // TODO R2: keep name, checksum and time of each in schema_migrations; refuse when an applied file was edited.
      // TODO R3, R4: a migration and its row in the history go together, or neither does.
      // TODO R6: another process may be doing the same at this moment.
      return { applied: [] };
    },
    down(n = 1) {
      // TODO R5: the last n, in reverse order. TODO R13: look first whether all of them can be taken back.
      return { reverted: [] };
    },
    status() {
      // TODO R1: one entry for each migration in the folder.
      return [];
    },
    verify() {
      // TODO R2: compare the checksums. TODO R12: late, duplicate and missing files.
      return { ok: true, problems: [] };
    },
  };
}
