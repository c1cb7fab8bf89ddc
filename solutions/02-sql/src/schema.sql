-- A small shop. STRICT makes a column's type a promise: without it, SQLite stores 'free' in an INTEGER column.
--
-- Every column says NOT NULL unless "unknown" or "nobody" is a fact that we want to store. A CHECK alone does not refuse
-- NULL: the comparison is then NULL, and only a CHECK that is false fails.

CREATE TABLE customers (
  id          INTEGER PRIMARY KEY,
  -- NOCASE belongs to the column, so UNIQUE and every later comparison use it.
  email       TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name        TEXT NOT NULL,
  referred_by INTEGER REFERENCES customers (id) ON DELETE SET NULL
) STRICT;

CREATE TABLE categories (
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL,
  parent_id INTEGER REFERENCES categories (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE products (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  price_cents INTEGER NOT NULL CHECK (price_cents >= 0)
) STRICT;

-- A product is in many categories, a category has many products: one row for each pair, and the pair is the key.
CREATE TABLE product_categories (
  product_id  INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  category_id INTEGER NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
  PRIMARY KEY (product_id, category_id)
) STRICT;

CREATE TABLE orders (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE RESTRICT,
  status      TEXT NOT NULL CHECK (status IN ('new', 'paid', 'shipped', 'cancelled')),
  -- IS, not =: strftime returns NULL for text that is no time, and a CHECK that is NULL passes.
  ordered_at  TEXT NOT NULL CHECK (ordered_at IS strftime('%Y-%m-%dT%H:%M:%fZ', ordered_at))
) STRICT;

CREATE TABLE order_items (
  order_id         INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  product_id       INTEGER NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
  quantity         INTEGER NOT NULL CHECK (quantity > 0),
  -- Not a copy of products.price_cents: that one changes tomorrow, this one is what the customer paid.
  unit_price_cents INTEGER NOT NULL CHECK (unit_price_cents >= 0),
  PRIMARY KEY (order_id, product_id)
) STRICT;

CREATE TABLE reviews (
  id          INTEGER PRIMARY KEY,
  product_id  INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  -- NULL: the customer is gone, the review stays.
  customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
  rating      INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  comment     TEXT,
  written_at  TEXT NOT NULL CHECK (written_at IS strftime('%Y-%m-%dT%H:%M:%fZ', written_at))
) STRICT;

-- The primary keys are indexes from their first column on. These serve the other direction, and the checks on delete.
CREATE INDEX product_categories_by_category ON product_categories (category_id);
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX order_items_by_product ON order_items (product_id);
CREATE INDEX reviews_by_product ON reviews (product_id);
CREATE INDEX reviews_by_customer ON reviews (customer_id);
CREATE INDEX customers_by_referrer ON customers (referred_by);
