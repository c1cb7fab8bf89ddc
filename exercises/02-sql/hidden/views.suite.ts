// canary 098ba288977debfa849a8b56
import { rule, step, Unmet } from '#suite';
import { Books } from './books.ts';
import { randomShop } from './random-shop.ts';
import { compare } from './rows.ts';
import type { Layout, Row } from './rows.ts';
import { cost, customer, describe, item, order, product, review, shop, sum } from './shop.ts';
import type { About, Shop } from './shop.ts';

/** About how many rows a table of a random shop has. */
const SIZE = 6;

const ORDER_TOTALS: Layout = { columns: ['order_id', 'pieces', 'total_cents'], subject: 'the view' };

const PRODUCT_STATS: Layout = {
  columns: ['product_id', 'pieces_sold', 'review_count', 'average_rating'],
  averages: [3],
  subject: 'the view',
};

rule('R8', async (t) => {
  const people = {
    customers: [customer(1, 'Ada')],
    products: [product(1, 'Tea', 900), product(2, 'Pen', 100)],
  };
  const items = [item(11, 1, 2, 700), item(11, 2, 3, 100), item(12, 1, 1, 800)];
  const before = shop({ ...people, orders: [order(11, 1), order(12, 1)], order_items: items });
  const books = await step(t, 'schema.sql and views.sql run', () =>
    Books.open(t, { views: true, rows: before }),
  );
  await step(t, 'it is a view', () => mustBeView(books, 'order_totals'));
  await step(t, 'orders with items', () => mustShowTotals(books, before));
  await step(t, 'an order without items', async () => {
    await books.accept(
      "INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (13, 1, 'new', '2026-05-01T08:00:00.000Z')",
    );
    await mustShowTotals(books, { ...before, orders: [...before.orders, order(13, 1, 'new')] });
  });
  await step(t, 'rows that change', async () => {
    await books.accept(
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (13, 2, 4, 90)',
    );
    await books.accept('UPDATE order_items SET quantity = 5 WHERE order_id = 12 AND product_id = 1');
    await books.accept('DELETE FROM order_items WHERE order_id = 11');
    await mustShowTotals(books, {
      ...before,
      orders: [...before.orders, order(13, 1, 'new')],
      order_items: [item(12, 1, 5, 800), item(13, 2, 4, 90)],
    });
  });
  await step(t, 'random rows', async () => {
    const random = ownTables(randomShop(t.random, SIZE));
    await mustShowTotals(await Books.open(t, { views: true, rows: random }), random);
  });
});

rule('R9', async (t) => {
  const people = { customers: [customer(1, 'Ada')], products: [product(1, 'Tea'), product(2, 'Pen')] };
  const cases: [label: string, rows: Shop][] = [
    [
      'one order and one review',
      shop({
        ...people,
        orders: [order(11, 1)],
        order_items: [item(11, 1, 2), item(11, 2, 1)],
        reviews: [review(1, 1, 1, 4), review(2, 2, 1, 2)],
      }),
    ],
    [
      'two orders and two reviews',
      shop({
        ...people,
        products: [product(1, 'Tea')],
        orders: [order(11, 1), order(12, 1)],
        order_items: [item(11, 1, 2), item(12, 1, 2)],
        reviews: [review(1, 1, 1, 5), review(2, 1, 1, 2)],
      }),
    ],
    [
      'a product without orders, and one without reviews',
      shop({
        ...people,
        orders: [order(11, 1)],
        order_items: [item(11, 1, 2)],
        reviews: [review(1, 2, 1, 4), review(2, 2, null, 5), review(3, 2, null, 5)],
      }),
    ],
    ['nothing but products', shop(people)],
    [
      'a cancelled order',
      shop({
        ...people,
        orders: [order(11, 1, 'cancelled'), order(12, 1, 'new')],
        order_items: [item(11, 1, 2), item(11, 2, 3), item(12, 1, 1)],
        reviews: [review(1, 1, 1, 4)],
      }),
    ],
    ['random rows', ownTables(randomShop(t.random, SIZE))],
  ];
  await step(t, 'it is a view', async () => {
    await mustBeView(await Books.open(t, { views: true }), 'product_stats');
  });
  for (const [label, rows] of cases) {
    await step(t, label, async () => {
      const books = await Books.open(t, { views: true, rows });
      await mustShowStats(books, rows);
    });
  }
  await step(t, 'rows that change', async () => {
    const [, rows] = cases[0] as [string, Shop];
    const books = await Books.open(t, { views: true, rows });
    await books.accept('DELETE FROM reviews WHERE id = 1');
    await books.accept("UPDATE orders SET status = 'cancelled' WHERE id = 11");
    await mustShowStats(books, {
      ...rows,
      orders: [order(11, 1, 'cancelled')],
      reviews: rows.reviews.filter(({ id }) => id !== 1),
    });
  });
});

function orderTotals({ orders, order_items }: Shop): Row[] {
  return orders.map(({ id }): Row => {
    const own = order_items.filter(({ order_id }) => order_id === id);
    return [id, sum(own.map(({ quantity }) => quantity)), sum(own.map(cost))];
  });
}

function productStats({ products, orders, order_items, reviews }: Shop): Row[] {
  const cancelled = new Set(orders.filter(({ status }) => status === 'cancelled').map(({ id }) => id));
  return products.map(({ id }): Row => {
    const sold = order_items.filter((row) => row.product_id === id && !cancelled.has(row.order_id));
    const ratings = reviews.filter(({ product_id }) => product_id === id).map(({ rating }) => rating);
    const average = ratings.length === 0 ? null : sum(ratings) / ratings.length;
    return [id, sum(sold.map(({ quantity }) => quantity)), ratings.length, average];
  });
}

async function mustBeView(books: Books, name: string): Promise<void> {
  const sql = `SELECT type FROM sqlite_master WHERE lower(name) = '${name}'`;
  const { rows } = await books.read(sql);
  const got = rows.length === 0 ? 'nothing of that name' : `a ${String(rows[0]?.[0])}`;
  if (got !== 'a view') throw new Unmet({ expected: `a view called ${name}`, got, sent: sql });
}

async function mustShowTotals(books: Books, rows: Shop): Promise<void> {
  const about: About = {
    orders: ['id', 'status'],
    order_items: ['order_id', 'product_id', 'quantity', 'unit_price_cents'],
  };
  await mustShow(
    books,
    'order_totals',
    ORDER_TOTALS,
    orderTotals(rows),
    describe('order_totals', rows, about),
  );
}

async function mustShowStats(books: Books, rows: Shop): Promise<void> {
  const about: About = {
    products: ['id'],
    orders: ['id', 'status'],
    order_items: ['order_id', 'product_id', 'quantity'],
    reviews: ['id', 'product_id', 'rating'],
  };
  await mustShow(
    books,
    'product_stats',
    PRODUCT_STATS,
    productStats(rows),
    describe('product_stats', rows, about),
  );
}

async function mustShow(
  books: Books,
  view: string,
  layout: Layout,
  expected: readonly Row[],
  sent: string,
): Promise<void> {
  const problem = compare(
    layout,
    expected,
    await books.read(`SELECT ${layout.columns.join(', ')} FROM ${view}`),
    sent,
  );
  if (problem !== null) throw problem;
}

function ownTables(rows: Shop): Shop {
  return { ...rows, payments: [] };
}
