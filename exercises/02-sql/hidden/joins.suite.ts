// canary 90c74cb8de77fff4cd914bab
import { rule } from '#suite';
import { judge } from './question.ts';
import type { Row } from './rows.ts';
import { byId, category, cost, customer, filed, item, order, payment, product, shop } from './shop.ts';
import type { Payment } from './shop.ts';

rule('Q03', (t) =>
  judge(t, {
    file: 'q03.sql',
    columns: ['order id', 'name of the customer', 'name of the product', 'quantity', 'cost in cents'],
    about: {
      customers: ['id', 'name'],
      products: ['id', 'name', 'price_cents'],
      orders: ['id', 'customer_id', 'status'],
      order_items: ['order_id', 'product_id', 'quantity', 'unit_price_cents'],
    },
    answer: ({ customers, products, orders, order_items }) =>
      order_items.flatMap((row): Row[] => {
        const bought = byId(orders, row.order_id);
        if (bought.status !== 'paid') return [];
        const who = byId(customers, bought.customer_id).name;
        return [[bought.id, who, byId(products, row.product_id).name, row.quantity, cost(row)]];
      }),
    cases: [
      {
        label: 'one paid order, one that is not',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          products: [product(1, 'Tea', 700), product(2, 'Pen', 1200)],
          orders: [order(11, 1, 'paid'), order(12, 2, 'new')],
          order_items: [item(11, 1, 2, 700), item(11, 2, 1, 1200), item(12, 1, 1, 700)],
        }),
      },
      {
        label: 'a price that has changed since',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea', 900)],
          orders: [order(11, 1, 'paid')],
          order_items: [item(11, 1, 2, 700)],
        }),
      },
      {
        label: 'two products of one name',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea', 700), product(2, 'Tea', 700)],
          orders: [order(11, 1, 'paid')],
          order_items: [item(11, 1, 1, 700), item(11, 2, 1, 700)],
        }),
      },
    ],
  }),
);

rule('Q04', (t) =>
  judge(t, {
    file: 'q04.sql',
    columns: ['customer id', 'name', 'number of orders'],
    about: { customers: ['id', 'name'], orders: ['id', 'customer_id', 'status'] },
    answer: ({ customers, orders }) =>
      customers.map(({ id, name }): Row => {
        return [
          id,
          name,
          orders.filter((row) => row.customer_id === id && row.status !== 'cancelled').length,
        ];
      }),
    cases: [
      {
        label: 'customers who have orders',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          orders: [order(11, 1), order(12, 1, 'new'), order(13, 2), order(14, 1, 'cancelled')],
        }),
      },
      {
        label: 'a customer without any order',
        shop: shop({ customers: [customer(1, 'Ada'), customer(2, 'Bruno')], orders: [order(11, 1)] }),
      },
      {
        label: 'a customer whose only order is cancelled',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Bruno')],
          orders: [order(11, 1), order(12, 2, 'cancelled')],
        }),
      },
      {
        label: 'two customers of one name',
        shop: shop({
          customers: [customer(1, 'Ada'), customer(2, 'Ada')],
          orders: [order(11, 1), order(12, 2)],
        }),
      },
    ],
  }),
);

rule('Q05', (t) =>
  judge(t, {
    file: 'q05.sql',
    columns: ['id', 'name'],
    about: {
      products: ['id', 'name'],
      orders: ['id', 'status'],
      order_items: ['order_id', 'product_id'],
    },
    answer: ({ products, order_items }) =>
      products
        .filter(({ id }) => !order_items.some((row) => row.product_id === id))
        .map(({ id, name }): Row => [id, name]),
    cases: [
      {
        label: 'one product in no order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea'), product(2, 'Pen'), product(3, 'Lamp')],
          orders: [order(11, 1)],
          order_items: [item(11, 1), item(11, 3)],
        }),
      },
      {
        label: 'a product in a cancelled order alone',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea'), product(2, 'Pen')],
          orders: [order(11, 1, 'cancelled')],
          order_items: [item(11, 1)],
        }),
      },
      {
        label: 'two products of one name',
        shop: shop({
          customers: [customer(1, 'Ada')],
          products: [product(1, 'Tea'), product(2, 'Tea')],
          orders: [order(11, 1)],
          order_items: [item(11, 1)],
        }),
      },
      {
        label: 'no orders at all',
        shop: shop({ products: [product(1, 'Tea'), product(2, 'Pen')] }),
      },
    ],
  }),
);

rule('Q06', (t) =>
  judge(t, {
    file: 'q06.sql',
    columns: ['customer id', 'name', 'id of the one who referred them', 'name of the one who referred them'],
    about: { customers: ['id', 'name', 'referred_by'] },
    answer: ({ customers }) =>
      customers.flatMap(({ id, name, referred_by }): Row[] => {
        return referred_by === null ? [] : [[id, name, referred_by, byId(customers, referred_by).name]];
      }),
    cases: [
      {
        label: 'one customer brought two',
        shop: shop({ customers: [customer(1, 'Ada'), customer(2, 'Bruno', 1), customer(3, 'Chen', 1)] }),
      },
      {
        label: 'one who was brought brings another',
        shop: shop({ customers: [customer(1, 'Ada', 3), customer(2, 'Bruno', 1), customer(3, 'Chen')] }),
      },
      {
        label: 'two customers of one name',
        shop: shop({ customers: [customer(1, 'Ada'), customer(2, 'Ada', 1), customer(3, 'Chen', 2)] }),
      },
    ],
  }),
);

rule('Q13', (t) =>
  judge(t, {
    file: 'q13.sql',
    columns: ['category id', 'name', 'number of products'],
    about: { categories: ['id', 'name', 'parent_id'], product_categories: ['product_id', 'category_id'] },
    answer: ({ categories, product_categories }) =>
      categories.map(({ id, name }): Row => {
        return [id, name, product_categories.filter(({ category_id }) => category_id === id).length];
      }),
    cases: [
      {
        label: 'each category has a product',
        shop: shop({
          categories: [category(1, 'Books'), category(2, 'Gifts')],
          products: [product(1, 'Atlas'), product(2, 'Tea')],
          product_categories: [...filed(1, 1, 2), ...filed(2, 2)],
        }),
      },
      {
        label: 'a category without products',
        shop: shop({
          categories: [category(1, 'Books'), category(2, 'Garden'), category(3, 'Novels', 1)],
          products: [product(1, 'Atlas')],
          product_categories: filed(1, 1, 3),
        }),
      },
      {
        label: 'products only in the category below',
        shop: shop({
          categories: [category(1, 'Books'), category(2, 'Novels', 1)],
          products: [product(1, 'Atlas'), product(2, 'Diary')],
          product_categories: [...filed(1, 2), ...filed(2, 2)],
        }),
      },
    ],
  }),
);

rule('Q14', (t) =>
  judge(t, {
    file: 'q14.sql',
    columns: ['order id', 'payment id', 'amount_cents'],
    about: { orders: ['id', 'status'], payments: ['id', 'order_id', 'amount_cents'] },
    answer: ({ orders, payments }) => {
      const billed = orders.filter(({ status }) => status === 'paid' || status === 'shipped');
      const names = (row: Payment, id: number) => row.order_id === id;
      return [
        ...billed.flatMap(({ id }): Row[] => {
          const own = payments.filter((row) => names(row, id));
          return own.length === 0 ? [[id, null, null]] : own.map((row) => [id, row.id, row.amount_cents]);
        }),
        ...payments
          .filter((row) => !billed.some(({ id }) => names(row, id)))
          .map((row): Row => [null, row.id, row.amount_cents]),
      ];
    },
    cases: [
      {
        label: 'every order has its payment',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1, 'paid'), order(12, 1, 'shipped')],
          payments: [payment(1, 12, 900), payment(2, 11, 700)],
        }),
      },
      {
        label: 'an order without a payment',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1, 'paid'), order(12, 1, 'shipped'), order(13, 1, 'new')],
          payments: [payment(1, 11, 700)],
        }),
      },
      {
        label: 'payments without an order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1, 'paid')],
          payments: [payment(1, 11, 700), payment(2, null, 900), payment(3, 99, 500)],
        }),
      },
      {
        label: 'a payment for a cancelled order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1, 'cancelled'), order(12, 1, 'new')],
          payments: [payment(1, 11, 700)],
        }),
      },
      {
        label: 'two payments for one order',
        shop: shop({
          customers: [customer(1, 'Ada')],
          orders: [order(11, 1, 'paid')],
          payments: [payment(1, 11, 700), payment(2, 11, 700)],
        }),
      },
    ],
  }),
);
