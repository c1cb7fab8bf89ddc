import type Sqlite from 'better-sqlite3';
import type { HostResult, SqlMode, SqlText } from '../message/host.ts';
import { encode } from '../message/plain.ts';
import { refusedWords } from './sql-words.ts';

/** More rows than this are no answer to any question of an exercise. */
const ROW_LIMIT = 5_000;

const open = new Map<string, Sqlite.Database>();

/** Opens a database in memory and runs the scripts in order. */
export function openSql(Database: typeof Sqlite, handle: string, scripts: readonly SqlText[]): HostResult {
  const database = new Database(':memory:');
  open.set(handle, database);
  for (const script of scripts) {
    const refused = script.file === null ? null : refusedWords(script.text);
    if (refused !== null)
      return { kind: 'cannot', why: `${script.file} uses ${refused}, which is not allowed here` };
    try {
      database.exec(script.text);
    } catch (error) {
      return failure(error, script);
    }
  }
  return { kind: 'done' };
}

/** Runs one statement. Rows come as lists, in the order of the columns: two columns may have one name. */
export function runSql(handle: string, sql: SqlText, params: unknown, mode: SqlMode): HostResult {
  const database = open.get(handle);
  if (database === undefined) throw new Error(`no database is called ${handle}`);
  const where = sql.file ?? 'the statement';
  if (mode !== 'any') {
    const refused = refusedWords(sql.text);
    if (refused !== null)
      return { kind: 'cannot', why: `${where} uses ${refused}, which is not allowed here` };
  }
  if (sql.text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === '') {
    return { kind: 'cannot', why: `${where} is empty` };
  }
  let statement: Sqlite.Statement;
  try {
    statement = database.prepare(sql.text);
  } catch (error) {
    return failure(error, sql);
  }
  if (mode === 'read' && !(statement.reader && statement.readonly)) {
    return { kind: 'cannot', why: `${where} is no statement that reads; a query begins with SELECT or WITH` };
  }
  if (mode === 'write' && statement.readonly) {
    return { kind: 'cannot', why: `${where} changes nothing; this query writes` };
  }
  try {
    if (!statement.reader) {
      const { changes } = statement.run(...bound(params));
      return { kind: 'value', value: encode({ columns: [], rows: [], changes }) };
    }
    const columns = statement.columns().map(({ name }) => name);
    const rows: unknown[] = [];
    for (const row of statement.raw().iterate(...bound(params))) {
      rows.push(row);
      if (rows.length > ROW_LIMIT)
        return { kind: 'cannot', why: `${where} returns more than ${ROW_LIMIT} rows` };
    }
    return { kind: 'value', value: encode({ columns, rows, changes: 0 }) };
  } catch (error) {
    return failure(error, sql);
  }
}

export function closeSql(): void {
  for (const database of open.values()) database.close();
  open.clear();
}

function bound(params: unknown): unknown[] {
  return params === null || params === undefined ? [] : [params];
}

function failure(error: unknown, { file }: SqlText): HostResult {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const where = file === null ? '' : `${file}: `;
  return {
    kind: 'threw',
    error: {
      name: 'SqliteError',
      message: `${where}${String(message)}`,
      code: typeof code === 'string' ? code : null,
      stack: null,
    },
  };
}
