// canary {{CANARY}}
import { rule, same, show, step, Unmet } from '#suite';
import type { Trial } from '#suite';

/** A customer and the totals of their orders, in cents. */
type Customer = { name: string; totals: number[] };

const TABLES = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    total_cents INTEGER NOT NULL
  );
`;

rule('R1', async (t) => {
  const names = [1, 2, 3, 4].map(() => t.random.word()).toSorted();
  // Stored from Z to A, so that no query finds them in order by luck.
  const customers = names.toReversed().map((name) => ({ name, totals: [] }));
  await step(t, 'four customers', () =>
    mustFind(
      t,
      'src/names.sql',
      customers,
      names.map((name) => [name]),
    ),
  );
});

rule('R2', async (t) => {
  const some = [customer(t, 2), customer(t, 1)];
  await step(t, 'customers with orders', () => mustFind(t, 'src/totals.sql', some, sums(some)));
  const all = [...some, customer(t)];
  await step(t, 'a customer without orders', () => mustFind(t, 'src/totals.sql', all, sums(all)));
});

function customer(t: Trial, orders = 0): Customer {
  return {
    name: t.random.word(),
    totals: Array.from({ length: orders }, () => t.random.integer(1, 9_999)),
  };
}

function sums(customers: readonly Customer[]): [name: string, cents: number][] {
  return customers.map(({ name, totals }) => [name, totals.reduce((sum, each) => sum + each, 0)]);
}

/** Runs the file on these customers and ends the rule unless it finds just these rows. */
async function mustFind(
  t: Trial,
  file: string,
  customers: readonly Customer[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const inserts = customers.flatMap(({ name, totals }, index) => [
    `INSERT INTO customers VALUES (${index + 1}, '${name}');`,
    ...totals.map(
      (cents) => `INSERT INTO orders (customer_id, total_cents) VALUES (${index + 1}, ${cents});`,
    ),
  ]);
  const database = await t.sql([TABLES, ...inserts]);
  const found = (await database.run({ file })).rows;
  // Only names.sql promises an order.
  const got = file === 'src/names.sql' ? found : found.toSorted(byName);
  const expected = file === 'src/names.sql' ? rows : [...rows].toSorted(byName);
  if (same(got, expected)) return;
  throw new Unmet({ expected: show(expected), got: show(found), sent: [file, ...inserts].join('\n') });
}

/** Names are lower-case letters, so this is the order of their bytes, as SQLite has it. */
function byName(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}
