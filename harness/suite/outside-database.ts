import { ask } from './connection.ts';
import type { DatabaseRequest } from './link.ts';
import { Unmet } from './unmet.ts';

export type Row = Record<string, unknown>;

/**
 * A database of the program, met from outside: each operation opens the file in a process of its own, and closes it
 * again. What cannot be done there ends the rule with the database's own words.
 */
export class OutsideDatabase {
  private readonly at: { part: string; name: string };

  constructor(at: { part: string; name: string }) {
    this.at = at;
  }

  /** The rows of one statement. */
  async query(sql: string, params: readonly unknown[] | Row = []): Promise<Row[]> {
    return await this.run({ kind: 'run', statements: [{ sql, params }] });
  }

  /** Runs statements in one transaction. The rows are those of the last one that reads. */
  async execute(
    ...statements: readonly (string | { sql: string; params: readonly unknown[] | Row })[]
  ): Promise<Row[]> {
    const all = statements.map((each) => (typeof each === 'string' ? { sql: each, params: [] } : each));
    return await this.run({ kind: 'run', statements: all });
  }

  /** Every value of every table, as `{ table, column, value }`; bytes come as text. */
  async dump(): Promise<{ table: string; column: string; value: unknown }[]> {
    return (await this.run({ kind: 'dump' })) as { table: string; column: string; value: unknown }[];
  }

  /** Renames every table, so that all that the program does with its data fails (SQLITE_ERROR: no such table). */
  async breakTables(): Promise<void> {
    await this.run({ kind: 'break' });
  }

  async healTables(): Promise<void> {
    await this.run({ kind: 'heal' });
  }

  /** Another process holds the database for itself until `unlock`: writes of the program run into SQLITE_BUSY. */
  async lock(): Promise<void> {
    await ask({ op: 'database', request: { ...this.at, action: { kind: 'lock' } } });
  }

  /**
   * Another process reads the database as it is now, until `unlock`. In WAL mode the program may write meanwhile, but what
   * it writes stays in the -wal file: nothing can move it into the database file.
   */
  async read(): Promise<void> {
    await ask({ op: 'database', request: { ...this.at, action: { kind: 'read' } } });
  }

  async unlock(): Promise<void> {
    await ask({ op: 'database', request: { ...this.at, action: { kind: 'unlock' } } });
  }

  private async run(action: DatabaseRequest['action']): Promise<Row[]> {
    const reply = await ask({ op: 'database', request: { ...this.at, action } });
    if (reply.kind !== 'sql') throw new Error(`the harness answered ${reply.kind}`);
    if (reply.outcome.ok) return reply.outcome.rows;
    throw new Unmet({ expected: 'a database that can be read from outside', got: reply.outcome.why });
  }
}
