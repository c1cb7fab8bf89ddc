// canary 8bf502e697b7b6facb956f03
import { rule } from '#suite';
import { judge } from './question.ts';
import type { Row } from './rows.ts';
import { cost, customer, item, order, product, review, shop, sum } from './shop.ts';
import type { Order, OrderItem, Shop } from './shop.ts';

rule('Q08', (t) =>
  judge(t, {
    file: 'q08.sql',
    columns: ['product id', 'number of reviews', 'pieces'],
    about: {
      products: ['id'],
      reviews: ['id', 'product_id', 'customer_id'],
      orders: ['id', 'status'],
      order_items: ['order_id', 'product_id', 'quantity'],
    },
    answer: ({ products, reviews, order_items }) =>
      products.flatMap(({ id }): Row[] => {
        const count = reviews.filter((row) => row.product_id === id).length;
        const pieces = order_items.filter((row) => row.product_id === id).map(({ quantity }) => quantity);
        return count < 2 ? [] : [[id, count, sum(pieces)]];
      }),
    cases: [
      {
        label: 'two reviews and one order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea'), product(2, 'Pen')],
          orders: [order(11, 1)],
          order_items: [item(11, 1, 3), item(11, 2, 1)],
          reviews: [review(1, 1, 1), review(2, 1, 1), review(3, 2, 1)],
        }),
      },
      {
        label: 'one review and two orders',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1), order(12, 1)],
          order_items: [item(11, 1, 1), item(12, 1, 2)],
          reviews: [review(1, 1, 1)],
        }),
      },
      {
        label: 'two orders of the same quantity',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1), order(12, 1)],
          order_items: [item(11, 1, 2), item(12, 1, 2)],
          reviews: [review(1, 1, 1), review(2, 1, 1), review(3, 1, 1)],
        }),
      },
      {
        label: 'two reviews and no order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea')],
          reviews: [review(1, 1, 1), review(2, 1, 1)],
        }),
      },
      {
        label: 'reviews without a customer, a cancelled order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1, 'cancelled')],
          order_items: [item(11, 1, 2)],
          reviews: [review(1, 1, null), review(2, 1, null)],
        }),
      },
    ],
  }),
);

rule('Q09', (t) =>
  judge(t, {
    file: 'q09.sql',
    columns: ['id', 'name', 'price_cents', 'average price in cents'],
    averages: [3],
    about: { products: ['id', 'name', 'price_cents'] },
    answer: ({ products }) => {
      const average = sum(products.map(({ price_cents }) => price_cents)) / products.length;
      return products
        .filter(({ price_cents }) => price_cents > average)
        .map(({ id, name, price_cents }): Row => [id, name, price_cents, average]);
    },
    cases: [
      {
        label: 'one cheap, one dear',
        shop: shop({ products: [product(1, 'Tea', 1000), product(2, 'Lamp', 3000)] }),
      },
      {
        label: 'an average that is no whole number',
        shop: shop({
          products: [
            product(1, 'Tea', 1000),
            product(2, 'Pen', 1500),
            product(3, 'Lamp', 2000),
            product(4, 'Desk', 2001),
          ],
        }),
      },
      {
        label: 'a product that costs the average',
        shop: shop({
          products: [product(1, 'Tea', 1000), product(2, 'Pen', 2000), product(3, 'Lamp', 3000)],
        }),
      },
      {
        label: 'all cost the same',
        shop: shop({ products: [product(1, 'Tea', 1000), product(2, 'Pen', 1000)] }),
      },
    ],
  }),
);

rule('Q12', (t) =>
  judge(t, {
    file: 'q12.sql',
    columns: ['customer id', 'number of orders', 'average total in cents'],
    averages: [2],
    about: {
      customers: ['id'],
      orders: ['id', 'customer_id', 'status'],
      order_items: ['order_id', 'quantity', 'unit_price_cents'],
    },
    answer: ({ customers, orders, order_items }) =>
      customers.flatMap(({ id }): Row[] => {
        const totals = orders
          .filter((row) => row.customer_id === id && row.status !== 'cancelled')
          .map((row) => sum(order_items.filter(({ order_id }) => order_id === row.id).map(cost)));
        return totals.length === 0 ? [] : [[id, totals.length, sum(totals) / totals.length]];
      }),
    cases: [
      {
        label: 'one order with one item',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1)],
          order_items: [item(11, 1, 2, 700)],
        }),
      },
      {
        label: 'an order with two items, and one with one',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea'), product(2, 'Pen')],
          orders: [order(11, 1), order(12, 1)],
          order_items: [item(11, 1, 1, 500), item(11, 2, 2, 250), item(12, 1, 1, 400)],
        }),
      },
      {
        label: 'two orders with the same total',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1), order(12, 1), order(13, 1)],
          order_items: [item(11, 1, 1, 500), item(12, 1, 1, 500), item(13, 1, 1, 2000)],
        }),
      },
      {
        label: 'an average that is no whole number',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1), order(12, 1)],
          order_items: [item(11, 1, 1, 500), item(12, 1, 1, 501)],
        }),
      },
      {
        label: 'an order without items',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1), order(12, 1), order(13, 2)],
          order_items: [item(11, 1, 1, 500)],
        }),
      },
      {
        label: 'a cancelled order',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          products: [product(1, 'Tea')],
          orders: [order(11, 1), order(12, 1, 'cancelled'), order(13, 2, 'cancelled')],
          order_items: [item(11, 1, 1, 500), item(12, 1, 1, 900), item(13, 1, 1, 900)],
        }),
      },
    ],
  }),
);

rule('Q19', (t) =>
  judge(t, {
    file: 'q19.sql',
    columns: ['month', 'number of orders', 'sum in cents'],
    ordered: 'month',
    about: {
      orders: ['id', 'status', 'ordered_at'],
      order_items: ['order_id', 'quantity', 'unit_price_cents'],
    },
    answer: ({ orders, order_items }) =>
      Array.from({ length: 12 }, (_, at): Row => {
        const month = `2026-${String(at + 1).padStart(2, '0')}`;
        const inside = orders.filter((row) => row.ordered_at.startsWith(month) && row.status !== 'cancelled');
        const sold = order_items.filter(({ order_id }) => inside.some(({ id }) => id === order_id));
        return [month, inside.length, sum(sold.map(cost))];
      }),
    cases: [
      {
        label: 'orders in two months',
        shop: year(
          [order(11, 1, 'paid', '2026-03-05T08:00:00.000Z'), order(12, 1, 'new', '2026-10-06T08:00:00.000Z')],
          [item(11, 1, 2, 700), item(12, 1, 1, 700)],
        ),
      },
      {
        label: 'an order with two items',
        shop: year(
          [order(11, 1, 'paid', '2026-03-05T08:00:00.000Z')],
          [item(11, 1, 2, 700), item(11, 2, 1, 700)],
        ),
      },
      {
        label: 'an order without items',
        shop: year([order(11, 1, 'paid', '2026-03-05T08:00:00.000Z')], []),
      },
      {
        label: 'a cancelled order',
        shop: year(
          [
            order(11, 1, 'cancelled', '2026-03-05T08:00:00.000Z'),
            order(12, 1, 'paid', '2026-03-06T08:00:00.000Z'),
          ],
          [item(11, 1, 2, 700), item(12, 1, 1, 500)],
        ),
      },
      {
        label: 'the first and the last moments of the year',
        shop: year(
          [
            order(11, 1, 'paid', '2025-12-31T23:59:59.999Z'),
            order(12, 1, 'paid', '2026-01-01T00:00:00.000Z'),
            order(13, 1, 'paid', '2026-12-31T23:59:59.500Z'),
            order(14, 1, 'paid', '2027-01-01T00:00:00.000Z'),
          ],
          [item(11, 1, 1, 100), item(12, 1, 1, 200), item(13, 1, 1, 300), item(14, 1, 1, 400)],
        ),
      },
      {
        label: 'the border between two months',
        shop: year(
          [
            order(11, 1, 'paid', '2026-02-28T23:59:59.999Z'),
            order(12, 1, 'paid', '2026-03-01T00:00:00.000Z'),
            order(13, 1, 'paid', '2026-03-31T23:59:59.500Z'),
          ],
          [item(11, 1, 1, 100), item(12, 1, 1, 200), item(13, 1, 1, 300)],
        ),
      },
    ],
  }),
);

/** A shop of one customer and two products. */
function year(orders: Order[], order_items: OrderItem[]): Shop {
  return shop({
    customers: [customer(1, 'Ada')],
    products: [product(1, 'Tea'), product(2, 'Pen')],
    orders,
    order_items,
  });
}
