import { decode, encode } from '../message/plain.ts';
import type { HostResult, SqlMode } from '../message/host.ts';
import type { HostLine } from './host-line.ts';
import type { SuiteSql } from './link.ts';
import { Unmet } from './unmet.ts';

/** Rows as lists, in the order of the columns. `changes`: how many rows a writing statement touched. */
export type SqlRows = { columns: string[]; rows: unknown[][]; changes: number };

export type SqlTried = { ok: true } | { ok: false; code: string; message: string };

/** A database in memory, in a host, on which the learner's SQL runs. */
export class SqlDatabase {
  private readonly line: HostLine;
  private readonly handle: string;

  private constructor(line: HostLine, handle: string) {
    this.line = line;
    this.handle = handle;
  }

  /** Runs the scripts in order. One that fails ends the rule with SQLite's own words. */
  static async open(
    line: HostLine,
    handle: string,
    scripts: readonly (string | { file: string })[],
  ): Promise<SqlDatabase> {
    const result = await line.ask({ op: 'sql-open', handle, scripts: scripts.map(asSql) });
    if (result.kind !== 'done') throw failed(result, 'SQL that SQLite accepts', null);
    return new SqlDatabase(line, handle);
  }

  /** One statement of the learner's that reads, or of the suite's. */
  async run(sql: string | { file: string }, params: unknown = null): Promise<SqlRows> {
    return await this.perform(asSql(sql), params, typeof sql === 'string' ? 'any' : 'read');
  }

  /** One statement of the learner's that writes. */
  async write(sql: { file: string }, params: unknown = null): Promise<SqlRows> {
    return await this.perform(sql, params, 'write');
  }

  /** A statement of the suite's that may be refused: by a constraint, for example. */
  async try(text: string, params: unknown = null): Promise<SqlTried> {
    const result = await this.ask({ text }, params, 'any');
    if (result.kind === 'value') return { ok: true };
    if (result.kind === 'threw')
      return { ok: false, code: result.error.code ?? '', message: result.error.message };
    throw failed(result, 'a statement that can run', null);
  }

  private async perform(sql: SuiteSql, params: unknown, mode: SqlMode): Promise<SqlRows> {
    const result = await this.ask(sql, params, mode);
    if (result.kind !== 'value')
      throw failed(result, 'a query that runs', 'file' in sql ? sql.file : sql.text);
    const decoded = decode(result.value, { dependencies: false });
    if (!decoded.ok) throw new Error(`rows did not arrive: ${decoded.why}`);
    return decoded.value as SqlRows;
  }

  private async ask(sql: SuiteSql, params: unknown, mode: SqlMode): Promise<HostResult> {
    return await this.line.ask({ op: 'sql-run', handle: this.handle, sql, params: encode(params), mode });
  }
}

function asSql(sql: string | { file: string }): SuiteSql {
  return typeof sql === 'string' ? { text: sql } : { file: sql.file };
}

function failed(result: HostResult, expected: string, sent: string | null): Unmet {
  const got =
    result.kind === 'threw' ? result.error.message : result.kind === 'cannot' ? result.why : result.kind;
  return new Unmet({ expected, got, sent });
}
