import { lstatSync } from 'node:fs';
import type Sqlite from 'better-sqlite3';
import type { ProbeAnswer, ProbeRequest } from './messages.ts';

/** More than this is no database of an exercise. */
const ROW_LIMIT = 20_000;
const BROKEN = '__out_of_reach';

type DatabaseRequest = Exclude<ProbeRequest, { op: 'files' }>;

/** Opens a database that a subject wrote (or will write), does one thing, and closes it again. */
export function onDatabase(Database: typeof Sqlite, request: DatabaseRequest): ProbeAnswer {
  const link = lstatSync(request.file, { throwIfNoEntry: false });
  if (link !== undefined && !link.isFile()) return { ok: false, why: 'the database is no regular file' };
  if (link === undefined && request.op !== 'run') return { ok: false, why: 'there is no database yet' };
  const database = new Database(request.file);
  try {
    return perform(database, request);
  } finally {
    // A lock is held until this process ends.
    if (request.op !== 'lock') database.close();
  }
}

function perform(database: Sqlite.Database, request: DatabaseRequest): ProbeAnswer {
  switch (request.op) {
    case 'run':
      return { ok: true, rows: database.transaction(() => run(database, request.statements))() };
    case 'dump':
      return { ok: true, rows: dump(database) };
    case 'break':
      rename(database, (name) => (name.endsWith(BROKEN) ? null : name + BROKEN));
      return { ok: true, rows: [] };
    case 'heal':
      rename(database, (name) => (name.endsWith(BROKEN) ? name.slice(0, -BROKEN.length) : null));
      return { ok: true, rows: [] };
    case 'lock':
      // A transaction that only reads begins with its first statement.
      database.exec(request.reading ? 'BEGIN; SELECT count(*) FROM sqlite_schema' : 'BEGIN EXCLUSIVE');
      return { ok: true, rows: [] };
  }
}

function run(
  database: Sqlite.Database,
  statements: readonly { sql: string; params: unknown }[],
): Record<string, unknown>[] {
  let rows: Record<string, unknown>[] = [];
  for (const { sql, params } of statements) {
    const statement = database.prepare(sql);
    const bound = Array.isArray(params) ? (params as unknown[]) : [params];
    if (!statement.reader) statement.run(...bound);
    else rows = limited(statement, bound);
  }
  return rows;
}

function limited(statement: Sqlite.Statement, bound: readonly unknown[]): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (const row of statement.iterate(...bound)) {
    rows.push(row as Record<string, unknown>);
    if (rows.length > ROW_LIMIT) throw new Error(`more than ${ROW_LIMIT} rows`);
  }
  return rows;
}

function dump(database: Sqlite.Database): Record<string, unknown>[] {
  const out: Record<string, unknown>[] = [];
  for (const table of tables(database)) {
    for (const row of limited(database.prepare(`SELECT * FROM ${quoted(table)}`), [])) {
      for (const [column, value] of Object.entries(row)) {
        out.push({ table, column, value: Buffer.isBuffer(value) ? value.toString('latin1') : value });
        if (out.length > ROW_LIMIT) throw new Error(`more than ${ROW_LIMIT} values`);
      }
    }
  }
  return out;
}

function rename(database: Sqlite.Database, to: (name: string) => string | null): void {
  // References in views, triggers and foreign keys stay as they are written, so that healing needs no more than this.
  database.pragma('legacy_alter_table = ON');
  database.pragma('foreign_keys = OFF');
  for (const name of tables(database)) {
    const next = to(name);
    if (next !== null) database.exec(`ALTER TABLE ${quoted(name)} RENAME TO ${quoted(next)}`);
  }
}

function tables(database: Sqlite.Database): string[] {
  const rows = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all() as { name: string }[];
  return rows.map(({ name }) => name);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
