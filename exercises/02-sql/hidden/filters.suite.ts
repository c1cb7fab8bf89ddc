// canary 34b551138a5eb63a55999191
import { rule } from '#suite';
import { judge } from './question.ts';
import type { Row } from './rows.ts';
import { byId, category, customer, filed, isIn, item, order, product, shop } from './shop.ts';

const JANUARY = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'] as const;

const BOOKS_AND_GIFTS = [category(1, 'Books'), category(2, 'Gifts'), category(3, 'Novels', 1)];

rule('Q01', (t) =>
  judge(t, {
    file: 'q01.sql',
    columns: ['id', 'name', 'price_cents'],
    ordered: 'price_cents from high to low, then id from low to high',
    about: { products: ['id', 'name', 'price_cents'] },
    answer: ({ products }) =>
      products
        .filter(({ price_cents }) => price_cents >= 1000 && price_cents < 5000)
        .toSorted((a, b) => b.price_cents - a.price_cents || a.id - b.id)
        .map(({ id, name, price_cents }): Row => [id, name, price_cents]),
    cases: [
      {
        label: 'some cost too little and some too much',
        shop: shop({
          products: [
            product(1, 'Tea', 700),
            product(2, 'Pen', 1200),
            product(3, 'Lamp', 4000),
            product(4, 'Desk', 9900),
          ],
        }),
      },
      {
        label: 'prices at the borders',
        shop: shop({
          products: [
            product(1, 'Tea', 999),
            product(2, 'Pen', 1000),
            product(3, 'Lamp', 4999),
            product(4, 'Desk', 5000),
          ],
        }),
      },
      {
        label: 'equal prices, and an index',
        shop: shop({
          products: [product(1, 'Tea', 2000), product(2, 'Pen', 2000), product(3, 'Lamp', 3000)],
        }),
        index: 'CREATE INDEX by_price ON products (price_cents DESC, id DESC, name)',
      },
    ],
  }),
);

rule('Q02', (t) =>
  judge(t, {
    file: 'q02.sql',
    columns: ['number of orders', 'number of cancelled ones'],
    about: { orders: ['id', 'status', 'ordered_at'] },
    answer: ({ orders }) => {
      const [from, to] = JANUARY;
      const inside = orders.filter(({ ordered_at }) => ordered_at >= from && ordered_at < to);
      return [[inside.length, inside.filter(({ status }) => status === 'cancelled').length]];
    },
    cases: [
      {
        label: 'two orders in January, one later',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [
            order(1, 1, 'paid', '2026-01-10T08:00:00.000Z'),
            order(2, 1, 'cancelled', '2026-01-20T08:00:00.000Z'),
            order(3, 1, 'cancelled', '2026-03-05T08:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'the first and the last moments of January',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [
            order(1, 1, 'paid', '2025-12-31T23:59:59.999Z'),
            order(2, 1, 'paid', '2026-01-01T00:00:00.000Z'),
            order(3, 1, 'cancelled', '2026-01-31T23:59:59.500Z'),
            order(4, 1, 'paid', '2026-02-01T00:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'January of another year',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [
            order(1, 1, 'paid', '2025-01-15T08:00:00.000Z'),
            order(2, 1, 'paid', '2026-01-15T08:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'no order in January',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [order(1, 1, 'paid', '2026-05-01T08:00:00.000Z')],
        }),
      },
    ],
  }),
);

rule('Q07', (t) =>
  judge(t, {
    file: 'q07.sql',
    columns: ['id', 'name'],
    about: {
      categories: ['id', 'name', 'parent_id'],
      products: ['id', 'name'],
      product_categories: ['product_id', 'category_id'],
    },
    answer: (rows) =>
      rows.products
        .filter(({ id }) => isIn(rows, id, 'Books') && isIn(rows, id, 'Gifts'))
        .map(({ id, name }): Row => [id, name]),
    cases: [
      {
        label: 'one in both, one in each',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas'), product(2, 'Tea'), product(3, 'Diary')],
          product_categories: [...filed(1, 1), ...filed(2, 2), ...filed(3, 1, 2)],
        }),
      },
      {
        label: 'one in three categories',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas'), product(2, 'Diary')],
          product_categories: [...filed(1, 1, 2, 3), ...filed(2, 1, 3)],
        }),
      },
      {
        label: 'two products of one name',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas'), product(2, 'Atlas'), product(3, 'Tea')],
          product_categories: [...filed(1, 1), ...filed(2, 2), ...filed(3, 1, 2)],
        }),
      },
      {
        label: 'a category below Books',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas')],
          product_categories: filed(1, 2, 3),
        }),
      },
    ],
  }),
);

rule('Q10', (t) =>
  judge(t, {
    file: 'q10.sql',
    columns: ['id', 'name'],
    about: {
      categories: ['id', 'name', 'parent_id'],
      product_categories: ['product_id', 'category_id'],
      customers: ['id', 'name'],
      orders: ['id', 'customer_id', 'status'],
      order_items: ['order_id', 'product_id'],
    },
    answer: (rows) =>
      rows.customers
        .filter(({ id }) =>
          rows.order_items.some((row) => {
            const { customer_id, status } = byId(rows.orders, row.order_id);
            return customer_id === id && status !== 'cancelled' && isIn(rows, row.product_id, 'Books');
          }),
        )
        .map(({ id, name }): Row => [id, name]),
    cases: [
      {
        label: 'one bought a book, one did not',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas'), product(2, 'Tea')],
          product_categories: [...filed(1, 1), ...filed(2, 2)],
          customers: [customer(1, 'Ada'), customer(2, 'Bruno'), customer(3, 'Chen')],
          orders: [order(11, 1), order(12, 2)],
          order_items: [item(11, 1), item(12, 2)],
        }),
      },
      {
        label: 'two books in two orders',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas'), product(2, 'Diary')],
          product_categories: [...filed(1, 1, 2), ...filed(2, 1)],
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1), order(12, 1, 'new')],
          order_items: [item(11, 1), item(11, 2), item(12, 1)],
        }),
      },
      {
        label: 'the order with the book is cancelled',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas')],
          product_categories: filed(1, 1),
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          orders: [order(11, 1, 'cancelled'), order(12, 2, 'shipped')],
          order_items: [item(11, 1), item(12, 1)],
        }),
      },
      {
        label: 'two customers of one name',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas')],
          product_categories: filed(1, 1),
          customers: [customer(1, 'Ada'), customer(2, 'Ada')],
          orders: [order(11, 1), order(12, 2)],
          order_items: [item(11, 1), item(12, 1)],
        }),
      },
      {
        label: 'a category below Books',
        shop: shop({
          categories: BOOKS_AND_GIFTS,
          products: [product(1, 'Atlas')],
          product_categories: filed(1, 3),
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1)],
          order_items: [item(11, 1)],
        }),
      },
    ],
  }),
);

rule('Q11', (t) =>
  judge(t, {
    file: 'q11.sql',
    columns: ['id', 'name'],
    about: { customers: ['id', 'name', 'referred_by'] },
    answer: ({ customers }) =>
      customers
        .filter(({ id }) => !customers.some(({ referred_by }) => referred_by === id))
        .map(({ id, name }): Row => [id, name]),
    cases: [
      {
        label: 'one customer brought another',
        shop: shop({ customers: [customer(1, 'Ada'), customer(2, 'Bruno', 1), customer(3, 'Chen')] }),
      },
      {
        label: 'nobody brought anybody',
        shop: shop({ customers: [customer(1, 'Ada'), customer(2, 'Bruno')] }),
      },
      {
        label: 'two customers of one name',
        shop: shop({ customers: [customer(1, 'Ada'), customer(2, 'Ada', 1)] }),
      },
    ],
  }),
);
