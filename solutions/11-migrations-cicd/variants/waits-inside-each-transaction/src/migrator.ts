import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { scripts, type Script } from './folder.ts';

type Dependencies = { db: Database; dir: string; clock: { now(): number } };
type Row = { name: string; checksum: string; applied_at: number };
type Problem = { code: 'changed' | 'missing' | 'late' | 'duplicate'; name: string };

const numberOf = (name: string): number => parseInt(name, 10);

const refusal = (code: string, message: string): Error & { code: string } =>
  Object.assign(new Error(message), { code });

function findProblems(files: Script[], rows: Row[]): Problem[] {
  const problems: Problem[] = [];
  const applied = new Map(rows.map((row) => [row.name, row]));
  const highest = rows.reduce((top, row) => Math.max(top, numberOf(row.name)), -1);
  files.forEach((file, index) => {
    const row = applied.get(file.name);
    if (row !== undefined && row.checksum !== file.sum) problems.push({ code: 'changed', name: file.name });
    if (row === undefined && file.number < highest) problems.push({ code: 'late', name: file.name });
    if (files[index - 1]?.number === file.number) problems.push({ code: 'duplicate', name: file.name });
  });
  for (const row of rows) {
    if (!files.some((file) => file.name === row.name)) problems.push({ code: 'missing', name: row.name });
  }
  return problems;
}

export function createMigrator({ db, dir, clock }: Dependencies) {
  const history = (): Row[] => {
    const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").get();
    return table === undefined ? [] : (db.prepare('SELECT * FROM schema_migrations').all() as Row[]);
  };

  const check = (): Problem[] => findProblems(scripts(dir), history());

  const refuseProblems = (): void => {
    const [first] = check();
    if (first) throw refusal(first.code, `${first.name} is ${first.code}`);
  };

  /** Runs SQL of a migration and its change of the history. The transaction is open already. */
  const run = (name: string, sql: string, remember: () => unknown): void => {
    try {
      db.exec(sql);
    } catch (error) {
      throw refusal('failed', `${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    remember();
  };

  const applyOne = db.transaction((file: Script): boolean => {
    if (history().some((row) => row.name === file.name)) return false;
    refuseProblems();
    run(file.name, file.sql, () =>
      db.prepare('INSERT INTO schema_migrations VALUES (?, ?, ?)').run(file.name, file.sum, clock.now()),
    );
    return true;
  });

  /** The newest migration of the history is taken back, if it is still the one that was expected. */
  const undoOne = db.transaction((name: string, sql: string): boolean => {
    if (!history().some((row) => row.name === name)) return false;
    run(name, sql, () => db.prepare('DELETE FROM schema_migrations WHERE name = ?').run(name));
    return true;
  });

  return {
    async up(): Promise<{ applied: string[] }> {
      refuseProblems();
      db.exec(
        'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, checksum TEXT, applied_at INTEGER)',
      );
      const applied: string[] = [];
      const done = new Set(history().map((row) => row.name));
      for (const file of scripts(dir)) {
        if (!done.has(file.name) && applyOne.immediate(file)) applied.push(file.name);
      }
      return { applied };
    },

    async down(n = 1): Promise<{ reverted: string[] }> {
      const last = history()
        .map((row) => row.name)
        .sort((a, b) => numberOf(b) - numberOf(a))
        .slice(0, n);
      const undo = last.map((name) => {
        const path = join(dir, `${name}.down.sql`);
        if (!existsSync(path)) throw refusal('irreversible', `${name} cannot be taken back`);
        return { name, sql: readFileSync(path, 'utf8') };
      });
      const reverted: string[] = [];
      for (const { name, sql } of undo) if (undoOne.immediate(name, sql)) reverted.push(name);
      return { reverted };
    },

    async status() {
      const times = new Map(history().map((row) => [row.name, row.applied_at]));
      return scripts(dir).map(({ name }) => ({
        name,
        state: times.has(name) ? 'applied' : 'pending',
        appliedAt: times.get(name) ?? null,
      }));
    },

    async verify(): Promise<{ ok: boolean; problems: Problem[] }> {
      const problems = check();
      return { ok: problems.length === 0, problems };
    },
  };
}
