-- The shop. Affinity alone lets a text or a fraction into an INT column, so typeof() is asked wherever a
-- whole number matters; it sees the value after '20' or 20.0 has become 20.

CREATE TABLE customers (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  email       VARCHAR(255) NOT NULL COLLATE NOCASE,
  name        VARCHAR(255) NOT NULL,
  referred_by INT NULL,
  UNIQUE (email),
  FOREIGN KEY (referred_by) REFERENCES customers (id) ON DELETE SET NULL,
  CHECK (typeof(email) = 'text'),
  CHECK (typeof(name) = 'text')
);

CREATE TABLE categories (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  name      VARCHAR(255) NOT NULL,
  parent_id INT NULL,
  FOREIGN KEY (parent_id) REFERENCES categories (id) ON DELETE RESTRICT,
  CHECK (typeof(name) = 'text')
);

CREATE TABLE products (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        VARCHAR(255) NOT NULL,
  price_cents BIGINT NOT NULL,
  CHECK (typeof(name) = 'text'),
  CHECK (typeof(price_cents) = 'integer' AND price_cents >= 0)
);

CREATE TABLE product_categories (
  product_id  INT NOT NULL,
  category_id INT NOT NULL,
  PRIMARY KEY (product_id, category_id),
  FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE
);
CREATE INDEX idx_product_categories_category ON product_categories (category_id);

CREATE TABLE orders (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INT NOT NULL,
  status      VARCHAR(10) NOT NULL DEFAULT 'new',
  ordered_at  CHAR(24) NOT NULL,
  FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT,
  CHECK (status IN ('new', 'paid', 'shipped', 'cancelled')),
  -- The pattern first: strftime() takes words such as 'now' too, and must not see them. Then a date that does
  -- not exist comes back as another one (30 February as 2 March), or as NULL; only hour 24 gets through.
  CHECK (
    CASE
      WHEN ordered_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', ordered_at) IS ordered_at AND substr(ordered_at, 12, 2) < '24'
      ELSE 0
    END
  )
);
CREATE INDEX idx_orders_customer ON orders (customer_id, ordered_at);

CREATE TABLE order_items (
  order_id         INT NOT NULL,
  product_id       INT NOT NULL,
  quantity         INT NOT NULL,
  unit_price_cents BIGINT NOT NULL,
  PRIMARY KEY (order_id, product_id),
  FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT,
  CHECK (typeof(quantity) = 'integer' AND quantity >= 1),
  CHECK (typeof(unit_price_cents) = 'integer' AND unit_price_cents >= 0)
);
CREATE INDEX idx_order_items_product ON order_items (product_id);

CREATE TABLE reviews (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  product_id  INT NOT NULL,
  customer_id INT NULL,
  rating      TINYINT NOT NULL,
  comment     TEXT NULL,
  written_at  CHAR(24) NOT NULL,
  FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
  FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE SET NULL,
  CHECK (typeof(rating) = 'integer' AND rating BETWEEN 1 AND 5),
  CHECK (typeof(comment) IN ('text', 'null')),
  CHECK (
    CASE
      WHEN written_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', written_at) IS written_at AND substr(written_at, 12, 2) < '24'
      ELSE 0
    END
  )
);
CREATE INDEX idx_reviews_product ON reviews (product_id);
CREATE INDEX idx_reviews_customer ON reviews (customer_id);
