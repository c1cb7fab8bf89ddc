// canary 09071a4d84afcf7afbfe3d5b
import { Unmet } from '#suite';
import type { SqlDatabase, SqlRows, Trial } from '#suite';
import { category, customer, filed, inserts, item, order, product, review, shop } from './shop.ts';
import type { TableName } from './shop.ts';

/** The tables of the learner's own schema. */
export type OwnTable = Exclude<TableName, 'payments'>;

/** Their columns, as the contract names them. */
export const COLUMNS: Readonly<Record<OwnTable, readonly string[]>> = {
  customers: ['id', 'email', 'name', 'referred_by'],
  categories: ['id', 'name', 'parent_id'],
  products: ['id', 'name', 'price_cents'],
  product_categories: ['product_id', 'category_id'],
  orders: ['id', 'customer_id', 'status', 'ordered_at'],
  order_items: ['order_id', 'product_id', 'quantity', 'unit_price_cents'],
  reviews: ['id', 'product_id', 'customer_id', 'rating', 'comment', 'written_at'],
};

export const TABLES = Object.keys(COLUMNS) as OwnTable[];

/** Rows that every schema of the contract takes; the limits of what is allowed are among them. */
export const GOOD = shop({
  customers: [customer(1, 'Ada'), customer(2, 'Bruno', 1), customer(3, 'Bruno', 1), customer(4, 'Dora')],
  categories: [category(1, 'Books'), category(2, 'Novels', 1), category(3, 'Gifts')],
  products: [product(1, 'Tea', 700), product(2, 'Pen', 0), product(3, 'Lamp', 1999)],
  product_categories: [...filed(1, 1, 3), ...filed(3, 1)],
  orders: [
    order(11, 1, 'new', '2026-01-31T23:59:59.500Z'),
    order(12, 1, 'paid'),
    order(13, 2, 'shipped'),
    order(14, 2, 'cancelled'),
  ],
  order_items: [item(11, 1, 2, 700), item(11, 3, 1, 1999), item(12, 1, 1, 0), item(14, 3, 4, 1500)],
  reviews: [
    review(1, 1, 1, 1),
    { ...review(2, 1, 1, 5), comment: "It's fine." },
    review(3, 3, 4, 3),
    review(4, 3, null, 2),
  ],
});

/** The learner's own database: the schema, then the views where wanted, then good rows. */
export class Books {
  private readonly database: SqlDatabase;

  private constructor(database: SqlDatabase) {
    this.database = database;
  }

  /** `rows`: null opens the schema without rows. */
  static async open(
    t: Trial,
    { views = false, rows = GOOD }: { views?: boolean; rows?: typeof GOOD | null } = {},
  ) {
    const files = views ? ['src/schema.sql', 'src/views.sql'] : ['src/schema.sql'];
    const books = new Books(await t.sql(files.map((file) => ({ file }))));
    if (rows !== null) for (const sql of inserts(rows)) await books.accept(sql);
    return books;
  }

  /** Ends the rule unless the statement runs. */
  async accept(sql: string): Promise<void> {
    const tried = await this.database.try(sql);
    if (tried.ok) return;
    throw new Unmet({ expected: 'it is accepted', got: tried.message, sent: sql });
  }

  /** Ends the rule unless a constraint refuses the statement. `why`: completes "it is refused: …". */
  async refuse(sql: string, why: string): Promise<void> {
    const tried = await this.database.try(sql);
    const expected = `it is refused: ${why}`;
    if (tried.ok) throw new Unmet({ expected, got: 'it was accepted', sent: sql });
    // SQLITE_MISMATCH: text in a column that is the key by itself.
    if (/^SQLITE_(CONSTRAINT|MISMATCH)/.test(tried.code)) return;
    throw new Unmet({ expected: `${expected}, with a constraint error`, got: tried.message, sent: sql });
  }

  /** Ends the rule unless the question of ours is answered with these rows, in this order. */
  async show(sql: string, expected: readonly (readonly unknown[])[]): Promise<void> {
    const { rows } = await this.read(sql);
    const text = (all: readonly (readonly unknown[])[]) =>
      all.length === 0 ? 'no rows' : all.map((row) => JSON.stringify(row)).join(', ');
    if (text(rows) !== text(expected))
      throw new Unmet({ expected: text(expected), got: text(rows), sent: sql });
  }

  /** The answer to a question of ours. */
  async read(sql: string): Promise<SqlRows> {
    return await this.database.run(sql);
  }

  /** Ends the rule unless schema.sql made a table of this name. */
  async mustHaveTable(table: OwnTable): Promise<void> {
    const { rows } = await this.read(`SELECT type FROM sqlite_master WHERE lower(name) = '${table}'`);
    if (rows.some(([type]) => type === 'table')) return;
    const got =
      rows.length === 0 ? 'schema.sql makes no table of that name' : `a ${String(rows[0]?.[0])} of that name`;
    throw new Unmet({ expected: `a table called ${table}`, got, sent: 'schema.sql' });
  }

  /** Ends the rule unless SQLite finds the rows of `column` in `table` without reading the whole table. */
  async mustFind(table: OwnTable, column: string): Promise<void> {
    const question = `SELECT * FROM ${table} WHERE ${column} = 1`;
    const { rows } = await this.read(`EXPLAIN QUERY PLAN ${question}`);
    // The last column is the text; a table that is read as a whole is a SCAN, whatever it is read through.
    const steps = rows.map((row) => String(row.at(-1)));
    if (steps.length > 0 && !steps.some((line) => line.startsWith('SCAN'))) return;
    throw new Unmet({
      expected: `SQLite searches ${table} by ${column}, and does not read the whole table`,
      got: steps.join(', '),
      sent: `EXPLAIN QUERY PLAN ${question}`,
    });
  }

  /** Ends the rule unless the table has just the columns of the contract. */
  async mustHaveColumns(table: OwnTable): Promise<void> {
    // Generated columns are not in this list, and they are free.
    const { rows } = await this.read(`SELECT lower(name) FROM pragma_table_info('${table}')`);
    const got = rows.map(([name]) => String(name));
    const wanted = COLUMNS[table];
    const more = got.filter((name) => !wanted.includes(name));
    const less = wanted.filter((name) => !got.includes(name));
    if (more.length === 0 && less.length === 0) return;
    throw new Unmet({
      expected: `${table} has the columns ${wanted.join(', ')}, and no others`,
      got: [...more.map((name) => `also ${name}`), ...less.map((name) => `no ${name}`)].join(', '),
      sent: `the columns of ${table}`,
    });
  }
}
