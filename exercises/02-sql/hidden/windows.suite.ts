// canary 2a4c4f1d5c0330fe52113cf4
import { rule } from '#suite';
import { judge } from './question.ts';
import type { Row } from './rows.ts';
import { byId, category, compareText, customer, filed, order, payment, product, shop } from './shop.ts';
import type { Shop } from './shop.ts';

rule('Q15', (t) =>
  judge(t, {
    file: 'q15.sql',
    columns: ['customer id', 'order id', 'status'],
    about: { customers: ['id'], orders: ['id', 'customer_id', 'status', 'ordered_at'] },
    answer: ({ customers, orders }) =>
      customers.flatMap(({ id }): Row[] => {
        const latest = orders
          .filter(({ customer_id }) => customer_id === id)
          .toSorted((a, b) => compareText(b.ordered_at, a.ordered_at) || b.id - a.id)[0];
        return latest === undefined ? [] : [[id, latest.id, latest.status]];
      }),
    cases: [
      {
        label: 'the highest id is not the latest',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          orders: [
            order(11, 1, 'shipped', '2026-05-01T08:00:00.000Z'),
            order(12, 1, 'new', '2026-03-01T08:00:00.000Z'),
            order(13, 1, 'paid', '2026-04-01T08:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'two orders at the same instant',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [
            order(11, 1, 'shipped', '2026-05-01T08:00:00.000Z'),
            order(12, 1, 'new', '2026-05-01T08:00:00.000Z'),
            order(13, 1, 'paid', '2026-04-01T08:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'the orders of another customer',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          orders: [
            order(11, 1, 'paid', '2026-05-01T08:00:00.000Z'),
            order(12, 2, 'paid', '2026-05-01T08:00:00.000Z'),
            order(13, 2, 'cancelled', '2026-06-01T08:00:00.000Z'),
            order(14, 1, 'new', '2026-04-01T08:00:00.000Z'),
          ],
        }),
      },
    ],
  }),
);

rule('Q16', (t) =>
  judge(t, {
    file: 'q16.sql',
    columns: ['category id', 'depth', 'path'],
    about: { categories: ['id', 'name', 'parent_id'] },
    answer: ({ categories }) =>
      categories.map((row): Row => {
        const way = [row];
        while (way[0]?.parent_id != null) way.unshift(byId(categories, way[0].parent_id));
        return [row.id, way.length - 1, way.map(({ name }) => name).join(' > ')];
      }),
    cases: [
      {
        label: 'two levels',
        shop: shop({ categories: [category(1, 'Books'), category(2, 'Novels', 1), category(3, 'Gifts')] }),
      },
      {
        label: 'four levels',
        shop: shop({
          categories: [
            category(1, 'Books'),
            category(2, 'Novels', 1),
            category(3, 'Crime', 2),
            category(4, 'Noir', 3),
            category(5, 'Travel', 1),
          ],
        }),
      },
      {
        label: 'a parent with a higher id than its child',
        shop: shop({ categories: [category(1, 'Crime', 2), category(2, 'Novels', 9), category(9, 'Books')] }),
      },
    ],
  }),
);

rule('Q17', (t) =>
  judge(t, {
    file: 'q17.sql',
    columns: ['category id', 'product id', 'price_cents'],
    about: { products: ['id', 'price_cents'], product_categories: ['product_id', 'category_id'] },
    answer: ({ products, product_categories }) =>
      product_categories.flatMap(({ product_id, category_id }): Row[] => {
        const price = (id: number) => byId(products, id).price_cents;
        const dearer = product_categories.filter((row) => {
          return row.category_id === category_id && price(row.product_id) > price(product_id);
        });
        return dearer.length < 3 ? [[category_id, product_id, price(product_id)]] : [];
      }),
    cases: [
      {
        label: 'four prices',
        shop: shelf([500, 400, 300, 200]),
      },
      {
        label: 'two products share the third place',
        shop: shelf([500, 400, 300, 300, 200]),
      },
      {
        label: 'two products share the first place',
        shop: shelf([500, 500, 400, 300]),
      },
      {
        label: 'two products in a category',
        shop: shelf([500, 400]),
      },
      {
        label: 'a product in two categories',
        shop: shop({
          categories: [category(1, 'Books'), category(2, 'Gifts')],
          products: [500, 400, 300, 200].map((price, at) => product(at + 1, `Book ${at + 1}`, price)),
          product_categories: [...filed(1, 1), ...filed(2, 1), ...filed(3, 1), ...filed(4, 1, 2)],
        }),
      },
    ],
  }),
);

rule('Q18', (t) =>
  judge(t, {
    file: 'q18.sql',
    columns: ['id', 'received_at', 'amount_cents', 'running total in cents'],
    ordered: 'received_at, then id',
    about: { payments: ['id', 'received_at', 'amount_cents'] },
    answer: ({ payments }) => {
      let total = 0;
      return payments
        .toSorted((a, b) => compareText(a.received_at, b.received_at) || a.id - b.id)
        .map(({ id, received_at, amount_cents }): Row => [
          id,
          received_at,
          amount_cents,
          (total += amount_cents),
        ]);
    },
    cases: [
      {
        label: 'ids that are not in order of time',
        shop: shop({
          payments: [
            payment(1, null, 500, '2026-05-03T08:00:00.000Z'),
            payment(2, null, 900, '2026-05-01T08:00:00.000Z'),
            payment(3, null, -300, '2026-05-02T08:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'two payments at the same instant',
        shop: shop({
          payments: [
            payment(1, null, 500, '2026-05-01T08:00:00.000Z'),
            payment(2, null, 900, '2026-05-02T08:00:00.000Z'),
            payment(3, null, 200, '2026-05-02T08:00:00.000Z'),
          ],
        }),
      },
      {
        label: 'two payments at the same instant, and an index',
        shop: shop({
          payments: [
            payment(1, null, 500, '2026-05-02T08:00:00.000Z'),
            payment(2, null, 900, '2026-05-02T08:00:00.000Z'),
          ],
        }),
        index: 'CREATE INDEX by_time ON payments (received_at, id DESC, amount_cents)',
      },
    ],
  }),
);

/** A shop of one category, with a product for each price. */
function shelf(prices: readonly number[]): Shop {
  return shop({
    categories: [category(1, 'Books')],
    products: prices.map((price, at) => product(at + 1, `Book ${at + 1}`, price)),
    product_categories: prices.flatMap((_, at) => filed(at + 1, 1)),
  });
}
