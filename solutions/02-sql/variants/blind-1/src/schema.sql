CREATE TABLE customers (
  id          INTEGER PRIMARY KEY,
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

CREATE TABLE product_categories (
  product_id  INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  category_id INTEGER NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
  PRIMARY KEY (product_id, category_id)
) STRICT;

-- A point in time: first the form, then whether the calendar has it.
-- strftime writes 30 February as 2 March and gives NULL for what it cannot read, so IS refuses both.
-- It lets the hour 24 through, so that is refused by itself.
CREATE TABLE orders (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE RESTRICT,
  status      TEXT NOT NULL CHECK (status IN ('new', 'paid', 'shipped', 'cancelled')),
  ordered_at  TEXT NOT NULL CHECK (
    CASE
      WHEN ordered_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
      THEN substr(ordered_at, 12, 2) < '24' AND strftime('%Y-%m-%dT%H:%M:%fZ', ordered_at) IS ordered_at
      ELSE 0
    END
  )
) STRICT;

CREATE TABLE order_items (
  order_id         INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  product_id       INTEGER NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
  quantity         INTEGER NOT NULL CHECK (quantity >= 1),
  unit_price_cents INTEGER NOT NULL CHECK (unit_price_cents >= 0),
  PRIMARY KEY (order_id, product_id)
) STRICT;

CREATE TABLE reviews (
  id          INTEGER PRIMARY KEY,
  product_id  INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
  rating      INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  comment     TEXT,
  written_at  TEXT NOT NULL CHECK (
    CASE
      WHEN written_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
      THEN substr(written_at, 12, 2) < '24' AND strftime('%Y-%m-%dT%H:%M:%fZ', written_at) IS written_at
      ELSE 0
    END
  )
) STRICT;

CREATE INDEX customers_referred_by ON customers (referred_by);
CREATE INDEX orders_customer_id ON orders (customer_id);
CREATE INDEX order_items_product_id ON order_items (product_id);
CREATE INDEX reviews_product_id ON reviews (product_id);
CREATE INDEX reviews_customer_id ON reviews (customer_id);
