// canary 91a988db464da77b43ea5059
import { rule, step } from '#suite';
import { Books, TABLES } from './books.ts';

rule('R5', async (t) => {
  const books = await Books.open(t);
  await step(t, 'a product in another category', async () => {
    await books.accept('INSERT INTO product_categories (product_id, category_id) VALUES (1, 2)');
    await books.show('SELECT category_id FROM product_categories WHERE product_id = 1 ORDER BY category_id', [
      [1],
      [2],
      [3],
    ]);
  });
  await step(t, 'the same category twice', async () => {
    const why = 'the product is in this category already';
    await books.refuse('INSERT INTO product_categories (product_id, category_id) VALUES (1, 1)', why);
    await books.refuse(
      'UPDATE product_categories SET category_id = 1 WHERE product_id = 1 AND category_id = 3',
      why,
    );
  });
  await step(t, 'the same product twice in one order', async () => {
    await books.refuse(
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (11, 1, 5, 650)',
      'the product is in this order already',
    );
  });
});

rule('R6', async (t) => {
  const books = await Books.open(t);
  await step(t, 'the price of today changes, the price that was paid stays', async () => {
    await books.accept('UPDATE products SET price_cents = 950 WHERE id = 1');
    await books.show(
      'SELECT order_id, unit_price_cents FROM order_items WHERE product_id = 1 ORDER BY order_id',
      [
        [11, 700],
        [12, 0],
      ],
    );
  });
  for (const table of TABLES) {
    await step(t, `no further column in ${table}`, async () => await books.mustHaveColumns(table));
  }
});

rule('R7', async (t) => {
  const books = await Books.open(t);
  const ordered = (at: string) =>
    `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, 1, 'new', ${at})`;
  const written = (at: string) =>
    `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, 1, 4, ${at})`;
  await step(t, 'the one form', async () => {
    for (const at of [
      "'2026-01-01T00:00:00.000Z'",
      "'1999-12-31T23:59:59.999Z'",
      "'2028-02-29T07:08:09.010Z'",
    ]) {
      await books.accept(ordered(at));
      await books.accept(written(at));
      await books.accept('DELETE FROM orders WHERE id = 20');
      await books.accept('DELETE FROM reviews WHERE id = 20');
    }
  });
  const others: [label: string, why: string, at: string][] = [
    ['a time without a zone', 'whose half past nine is it?', "'2026-01-31 09:30:00'"],
    ['a time without a zone', 'whose half past nine is it?', "'2026-01-31T09:30:00.000'"],
    ['another zone than UTC', 'two zones do not sort as text', "'2026-01-31T09:30:00.000+02:00'"],
    ['a space instead of the T', 'two forms do not sort as text', "'2026-01-31 09:30:00.000Z'"],
    ['no milliseconds', 'two forms do not sort as text', "'2026-01-31T09:30:00Z'"],
    ['a day without a time', 'it is no point in time', "'2026-01-31'"],
    ['a number', 'it is not in the form of the contract', '1769851800'],
    ['a word', 'it is no point in time', "'yesterday'"],
    ['an empty text', 'it is no point in time', "''"],
  ];
  for (const [label, why, at] of others) {
    await step(t, label, async () => {
      await books.refuse(ordered(at), why);
      await books.refuse(written(at), why);
      await books.refuse(`UPDATE orders SET ordered_at = ${at} WHERE id = 11`, why);
    });
  }
});

rule('R10', async (t) => {
  const books = await Books.open(t);
  await step(t, 'the orders of a customer', async () => await books.mustFind('orders', 'customer_id'));
  await step(t, 'the items of an order', async () => await books.mustFind('order_items', 'order_id'));
  await step(t, 'the items with a product', async () => await books.mustFind('order_items', 'product_id'));
  await step(t, 'the reviews of a product', async () => await books.mustFind('reviews', 'product_id'));
});
