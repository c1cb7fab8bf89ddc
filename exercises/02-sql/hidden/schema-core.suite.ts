// canary 0e9c2bcb9d8145a8fb82f0ce
import { rule, step } from '#suite';
import { Books, GOOD, TABLES } from './books.ts';
import { inserts } from './shop.ts';

const NOON = "'2026-04-15T12:00:00.000Z'";

rule('R1', async (t) => {
  const books = await step(t, 'schema.sql runs', async () => await Books.open(t, { rows: null }));
  for (const table of TABLES) {
    await step(t, `${table} is there, and empty`, async () => {
      await books.mustHaveTable(table);
      await books.show(`SELECT count(*) FROM ${table}`, [[0]]);
    });
  }
  for (const table of TABLES) {
    await step(t, `good rows for ${table}`, async () => {
      for (const sql of inserts(GOOD, [table])) await books.accept(sql);
    });
  }
  await step(t, 'a product whose price changes, an order that is paid', async () => {
    await books.accept('UPDATE products SET price_cents = 800 WHERE id = 1');
    await books.accept("UPDATE orders SET status = 'paid' WHERE id = 11");
  });
  await step(t, 'the rows come back', async () => {
    await books.show('SELECT id, name, price_cents FROM products ORDER BY id', [
      [1, 'Tea', 800],
      [2, 'Pen', 0],
      [3, 'Lamp', 1999],
    ]);
    await books.show('SELECT id, status, ordered_at FROM orders WHERE id = 11', [
      [11, 'paid', '2026-01-31T23:59:59.500Z'],
    ]);
    await books.show('SELECT id, referred_by FROM customers ORDER BY id', [
      [1, null],
      [2, 1],
      [3, 1],
      [4, null],
    ]);
  });
  await step(t, 'a random product', async () => {
    const [id, cents, name] = [t.random.integer(100, 999), t.random.integer(0, 99_999), t.random.word()];
    await books.accept(`INSERT INTO products (id, name, price_cents) VALUES (${id}, '${name}', ${cents})`);
    await books.show(`SELECT name, price_cents FROM products WHERE id = ${id}`, [[name, cents]]);
  });
  await step(
    t,
    'what nothing forbids: equal names, an e-mail of any look, an order that goes back',
    async () => {
      await books.accept("INSERT INTO customers (id, email, name) VALUES (90, 'ada@localhost', 'Ada')");
      await books.accept("INSERT INTO customers (id, email, name) VALUES (91, 'postmaster', 'Ada')");
      await books.accept("INSERT INTO products (id, name, price_cents) VALUES (90, 'Tea', 1)");
      for (const status of ['shipped', 'new', 'cancelled', 'paid'])
        await books.accept(`UPDATE orders SET status = '${status}' WHERE id = 11`);
    },
  );
});

rule('R2', async (t) => {
  const books = await Books.open(t);
  const refusals: [label: string, why: string, ...sql: string[]][] = [
    [
      'the same e-mail twice',
      'another customer has this e-mail',
      "INSERT INTO customers (id, email, name) VALUES (20, 'c1@example.com', 'Eve')",
      "UPDATE customers SET email = 'c1@example.com' WHERE id = 2",
    ],
    [
      'the same e-mail in other letters',
      'another customer has this e-mail',
      "INSERT INTO customers (id, email, name) VALUES (20, 'C1@Example.COM', 'Eve')",
      "UPDATE customers SET email = 'C1@example.com' WHERE id = 2",
    ],
    [
      'a negative price',
      'a price is 0 or more',
      "INSERT INTO products (id, name, price_cents) VALUES (20, 'Cup', -1)",
      'UPDATE products SET price_cents = -500 WHERE id = 1',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, 1, -1)',
      'UPDATE order_items SET unit_price_cents = -1 WHERE order_id = 11 AND product_id = 1',
    ],
    [
      'a quantity of 0 or less',
      'a quantity is 1 or more',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, 0, 700)',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, -3, 700)',
      'UPDATE order_items SET quantity = 0 WHERE order_id = 11 AND product_id = 1',
    ],
    [
      'an unknown status',
      'a status is new, paid, shipped or cancelled',
      `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, 1, 'lost', ${NOON})`,
      `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, 1, '', ${NOON})`,
      "UPDATE orders SET status = 'lost' WHERE id = 11",
    ],
    [
      'a rating below 1 or above 5',
      'a rating is from 1 to 5',
      `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, 1, 0, ${NOON})`,
      `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, 1, 6, ${NOON})`,
      'UPDATE reviews SET rating = 9 WHERE id = 1',
    ],
    [
      'NULL where a reference must be',
      'this column is never NULL',
      `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, NULL, 'new', ${NOON})`,
      'UPDATE orders SET customer_id = NULL WHERE id = 11',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (NULL, 1, 1, 700)',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, NULL, 1, 700)',
      'INSERT INTO product_categories (product_id, category_id) VALUES (NULL, 1)',
      'INSERT INTO product_categories (product_id, category_id) VALUES (1, NULL)',
      `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, NULL, 4, ${NOON})`,
    ],
    [
      'NULL where a value must be',
      'this column is never NULL',
      "INSERT INTO customers (id, email, name) VALUES (20, NULL, 'Eve')",
      "INSERT INTO customers (id, email, name) VALUES (20, 'eve@example.com', NULL)",
      'INSERT INTO categories (id, name) VALUES (20, NULL)',
      'INSERT INTO products (id, name, price_cents) VALUES (20, NULL, 100)',
      "INSERT INTO products (id, name, price_cents) VALUES (20, 'Cup', NULL)",
      'UPDATE products SET price_cents = NULL WHERE id = 1',
      `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, 1, NULL, ${NOON})`,
      'UPDATE orders SET status = NULL WHERE id = 11',
      "INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, 1, 'new', NULL)",
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, NULL, 700)',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, 1, NULL)',
      `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, 1, NULL, ${NOON})`,
      'INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, 1, 4, NULL)',
    ],
    [
      'a reference to a row that is not there',
      'nothing has the id 999',
      `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (20, 999, 'new', ${NOON})`,
      'UPDATE orders SET customer_id = 999 WHERE id = 11',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (999, 1, 1, 700)',
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 999, 1, 700)',
      'INSERT INTO product_categories (product_id, category_id) VALUES (999, 1)',
      'INSERT INTO product_categories (product_id, category_id) VALUES (1, 999)',
      `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (20, 999, 4, ${NOON})`,
      `INSERT INTO reviews (id, product_id, customer_id, rating, written_at) VALUES (20, 1, 999, 4, ${NOON})`,
      "INSERT INTO customers (id, email, name, referred_by) VALUES (20, 'eve@example.com', 'Eve', 999)",
      "INSERT INTO categories (id, name, parent_id) VALUES (20, 'Toys', 999)",
    ],
    [
      'an id that is taken',
      'another row has this id',
      "INSERT INTO customers (id, email, name) VALUES (1, 'eve@example.com', 'Eve')",
      "INSERT INTO categories (id, name) VALUES (1, 'Toys')",
      "INSERT INTO products (id, name, price_cents) VALUES (1, 'Cup', 100)",
      `INSERT INTO orders (id, customer_id, status, ordered_at) VALUES (11, 1, 'new', ${NOON})`,
      `INSERT INTO reviews (id, product_id, rating, written_at) VALUES (1, 1, 4, ${NOON})`,
    ],
  ];
  for (const [label, why, ...statements] of refusals) {
    await step(t, label, async () => {
      for (const sql of statements) await books.refuse(sql, why);
    });
  }
  await step(t, 'what was refused left nothing behind', async () => {
    for (const table of TABLES) await books.show(`SELECT count(*) FROM ${table}`, [[GOOD[table].length]]);
  });
});

rule('R3', async (t) => {
  const books = await Books.open(t);
  await step(t, 'whole cents are stored as integers', async () => {
    await books.show('SELECT price_cents, typeof(price_cents) FROM products WHERE id = 3', [
      [1999, 'integer'],
    ]);
    await books.show(
      'SELECT unit_price_cents, typeof(unit_price_cents) FROM order_items WHERE product_id = 1',
      [
        [700, 'integer'],
        [0, 'integer'],
      ],
    );
    await books.show('SELECT typeof(sum(quantity * unit_price_cents)) FROM order_items', [['integer']]);
  });
  await step(t, 'a price with a fraction', async () => {
    const why = 'money is a whole number of cents';
    await books.refuse("INSERT INTO products (id, name, price_cents) VALUES (20, 'Cup', 19.99)", why);
    await books.refuse('UPDATE products SET price_cents = 0.1 + 0.2 WHERE id = 1', why);
    await books.refuse(
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, 1, 19.99)',
      why,
    );
    await books.refuse('UPDATE order_items SET unit_price_cents = 6.95 WHERE order_id = 11', why);
  });
  await step(t, 'a price that is text', async () => {
    const why = 'money is a whole number of cents';
    await books.refuse("INSERT INTO products (id, name, price_cents) VALUES (20, 'Cup', 'free')", why);
    await books.refuse("UPDATE products SET price_cents = '19,99' WHERE id = 1", why);
    await books.refuse(
      "INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES (12, 2, 1, 'free')",
      why,
    );
  });
  await step(t, 'a large amount stays exact', async () => {
    await books.accept("INSERT INTO products (id, name, price_cents) VALUES (21, 'Ship', 900719925474099)");
    await books.show('SELECT price_cents, typeof(price_cents) FROM products WHERE id = 21', [
      [900719925474099, 'integer'],
    ]);
  });
});

rule('R4', async (t) => {
  const books = await Books.open(t);
  await step(t, 'a customer who has orders', async () => {
    await books.refuse('DELETE FROM customers WHERE id = 1', 'this customer has orders');
    await books.show('SELECT id FROM orders WHERE customer_id = 1 ORDER BY id', [[11], [12]]);
    await books.show('SELECT count(*) FROM customers WHERE id = 1', [[1]]);
  });
  await step(t, 'a product that is in an order', async () => {
    await books.refuse('DELETE FROM products WHERE id = 1', 'this product is in an order');
    await books.show('SELECT order_id FROM order_items WHERE product_id = 1 ORDER BY order_id', [[11], [12]]);
  });
  await step(t, 'an order takes its items with it', async () => {
    await books.accept('DELETE FROM orders WHERE id = 11');
    await books.show('SELECT count(*) FROM order_items WHERE order_id = 11', [[0]]);
    await books.show('SELECT order_id, product_id FROM order_items ORDER BY order_id', [
      [12, 1],
      [14, 3],
    ]);
  });
  await step(t, 'the reviews of a customer without orders stay', async () => {
    await books.accept('DELETE FROM customers WHERE id = 4');
    await books.show('SELECT id, customer_id FROM reviews WHERE product_id = 3 ORDER BY id', [
      [3, null],
      [4, null],
    ]);
  });
  await step(t, 'those whom a customer brought stay', async () => {
    await books.accept('DELETE FROM orders WHERE customer_id = 1');
    await books.accept('DELETE FROM customers WHERE id = 1');
    await books.show('SELECT id, referred_by FROM customers ORDER BY id', [
      [2, null],
      [3, null],
    ]);
    await books.show('SELECT id, customer_id FROM reviews WHERE product_id = 1 ORDER BY id', [
      [1, null],
      [2, null],
    ]);
  });
});
