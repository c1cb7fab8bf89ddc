-- A small shop to try your queries on: the tables of the query checks, with a few rows in each.
-- Your own schema has to promise more than these tables do.

CREATE TABLE customers (
  id          INTEGER PRIMARY KEY,
  email       TEXT NOT NULL,
  name        TEXT NOT NULL,
  referred_by INTEGER               -- the customer who brought this one
);
CREATE TABLE categories (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  parent_id   INTEGER               -- the category above
);
CREATE TABLE products (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  price_cents INTEGER NOT NULL
);
CREATE TABLE product_categories (
  product_id  INTEGER NOT NULL,
  category_id INTEGER NOT NULL
);
CREATE TABLE orders (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  status      TEXT NOT NULL,
  ordered_at  TEXT NOT NULL
);
CREATE TABLE order_items (
  order_id         INTEGER NOT NULL,
  product_id       INTEGER NOT NULL,
  quantity         INTEGER NOT NULL,
  unit_price_cents INTEGER NOT NULL
);
CREATE TABLE reviews (
  id          INTEGER PRIMARY KEY,
  product_id  INTEGER NOT NULL,
  customer_id INTEGER,
  rating      INTEGER NOT NULL,
  comment     TEXT,
  written_at  TEXT NOT NULL
);
CREATE TABLE payments (
  id           INTEGER PRIMARY KEY,
  order_id     INTEGER,             -- what the payer wrote: perhaps nothing, perhaps an order that is not there
  amount_cents INTEGER NOT NULL,    -- negative when money went back
  received_at  TEXT NOT NULL
);
CREATE TABLE product_views (
  product_id   INTEGER PRIMARY KEY,
  views        INTEGER NOT NULL,
  pinned       INTEGER NOT NULL DEFAULT 0
);

INSERT INTO customers (id, email, name, referred_by) VALUES
  (1, 'ada@example.com',   'Ada',   NULL),
  (2, 'bruno@example.com', 'Bruno', 1),
  (3, 'chen@example.com',  'Chen',  1),
  (4, 'dora@example.com',  'Dora',  3);

INSERT INTO categories (id, name, parent_id) VALUES
  (1, 'Books',   NULL),
  (2, 'Novels',  1),
  (3, 'Travel',  1),
  (4, 'Gifts',   NULL),
  (5, 'Crime',   2),
  (6, 'Garden',  NULL);

INSERT INTO products (id, name, price_cents) VALUES
  (1, 'Atlas',      4500),
  (2, 'Night train', 999),
  (3, 'Notebook',   1000),
  (4, 'Pen',        1000),
  (5, 'Globe',      5000);

INSERT INTO product_categories (product_id, category_id) VALUES
  (1, 1), (1, 3), (1, 4),
  (2, 1), (2, 5),
  (3, 4), (4, 4), (5, 4);

INSERT INTO orders (id, customer_id, status, ordered_at) VALUES
  (11, 1, 'paid',      '2026-01-01T00:00:00.000Z'),
  (12, 1, 'shipped',   '2026-01-31T23:59:59.500Z'),
  (13, 2, 'cancelled', '2026-01-15T10:30:00.000Z'),
  (14, 3, 'new',       '2026-03-08T17:05:00.000Z'),
  (15, 1, 'paid',      '2026-01-31T23:59:59.500Z');

INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents) VALUES
  (11, 1, 1, 4200), (11, 3, 2, 1000),
  (12, 2, 1, 999),
  (13, 1, 3, 4500),
  (15, 1, 1, 4500), (15, 4, 5, 900);

INSERT INTO reviews (id, product_id, customer_id, rating, comment, written_at) VALUES
  (1, 1, 1,    5, 'Every page.', '2026-02-01T08:00:00.000Z'),
  (2, 1, NULL, 4, NULL,          '2026-02-03T20:15:00.000Z'),
  (3, 5, 3,    2, 'Too small.',  '2026-03-20T12:00:00.000Z'),
  (4, 5, 4,    2, NULL,          '2026-03-21T12:00:00.000Z');

INSERT INTO payments (id, order_id, amount_cents, received_at) VALUES
  (1, 11,   6200, '2026-01-02T09:00:00.000Z'),
  (2, 15,   4000, '2026-02-02T09:00:00.000Z'),
  (3, 15,   5000, '2026-02-02T09:00:00.000Z'),
  (4, NULL, 1250, '2026-02-05T09:00:00.000Z'),
  (5, 13,  13500, '2026-01-20T09:00:00.000Z');

INSERT INTO product_views (product_id, views, pinned) VALUES
  (1, 41, 1), (2, 7, 0);
