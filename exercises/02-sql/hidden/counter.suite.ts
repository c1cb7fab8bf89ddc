// canary 4d0ad17665beaa324a6e57a7
import { rule, step, Unmet } from '#suite';
import type { SqlDatabase, Trial } from '#suite';
import { asked, compare } from './rows.ts';
import type { Row } from './rows.ts';
import { QUERY_TABLES, tuple } from './shop.ts';

const COLUMNS = ['product_id', 'views', 'pinned'];

rule('Q20', async (t) => {
  const counter = await openCounter(t, [
    [3, 41, 1],
    [8, 7, 0],
  ]);
  await step(t, 'a product without a row', async () => await counter.view(5));
  await step(t, 'the same product again', async () => await counter.view(5));
  await step(t, 'a product that has a row', async () => await counter.view(3));
  await step(t, 'an empty table', async () => await (await openCounter(t, [])).view(1));
  await step(t, 'random products', async () => {
    const rows = t.random
      .shuffle([1, 2, 3, 4, 5, 6])
      .slice(0, 3)
      .map((id): Row => [id, t.random.integer(1, 900), t.random.integer(0, 1)]);
    const busy = await openCounter(t, rows);
    for (let round = 0; round < 12; round++) await busy.view(t.random.integer(1, 6));
  });
});

/** A table product_views, and what has to be in it. */
class Counter {
  private readonly database: SqlDatabase;
  private rows: Row[];

  constructor(database: SqlDatabase, rows: Row[]) {
    this.database = database;
    this.rows = rows;
  }

  /** Runs the statement once, and compares the whole table with what it has to be. */
  async view(id: number): Promise<void> {
    const before = this.rows.length === 0 ? 'no rows' : this.rows.map(tuple).join(', ');
    const sent = `q20.sql with product_id ${id}, on this table:\n  product_views (${COLUMNS.join(', ')}): ${before}`;
    await this.run(id, sent);
    const known = this.rows.some(([product]) => product === id);
    this.rows = known
      ? this.rows.map(([product = null, views, pinned = null]) => [
          product,
          Number(views) + (product === id ? 1 : 0),
          pinned,
        ])
      : [...this.rows, [id, 1, 0]];
    const after = await this.database.run(`SELECT ${COLUMNS.join(', ')} FROM product_views`);
    const problem = compare({ columns: COLUMNS, subject: 'the table' }, this.rows, after, sent);
    if (problem !== null) throw problem;
  }

  private async run(id: number, sent: string): Promise<void> {
    try {
      await this.database.write({ file: 'src/queries/q20.sql' }, { product_id: id });
    } catch (error) {
      throw error instanceof Unmet ? asked(error, sent) : error;
    }
  }
}

async function openCounter(t: Trial, rows: Row[]): Promise<Counter> {
  const insert = `INSERT INTO product_views (${COLUMNS.join(', ')}) VALUES ${rows.map(tuple).join(', ')}`;
  return new Counter(await t.sql(rows.length === 0 ? [QUERY_TABLES] : [QUERY_TABLES, insert]), rows);
}
