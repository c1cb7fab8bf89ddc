/* Types are affinities here: whatever cannot become a whole number keeps its own type, and typeof() tells. */
CREATE TABLE statuses (
  name TEXT NOT NULL PRIMARY KEY
);
INSERT INTO statuses (name) VALUES ('new'), ('paid'), ('shipped'), ('cancelled');

CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL CHECK (typeof(email) = 'text'),
  name TEXT NOT NULL CHECK (typeof(name) = 'text'),
  referred_by INTEGER REFERENCES customers
);

CREATE TABLE categories (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (typeof(name) = 'text'),
  parent_id INTEGER REFERENCES categories
);

CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (typeof(name) = 'text'),
  price_cents INTEGER NOT NULL CHECK (typeof(price_cents) = 'integer' AND price_cents >= 0)
);

CREATE TABLE product_categories (
  product_id INTEGER NOT NULL REFERENCES products,
  category_id INTEGER NOT NULL REFERENCES categories,
  UNIQUE (category_id, product_id)
);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers,
  status TEXT NOT NULL REFERENCES statuses,
  ordered_at TEXT NOT NULL
);

CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders,
  product_id INTEGER NOT NULL REFERENCES products,
  quantity INTEGER NOT NULL CHECK (typeof(quantity) = 'integer' AND quantity >= 1),
  unit_price_cents INTEGER NOT NULL CHECK (typeof(unit_price_cents) = 'integer' AND unit_price_cents >= 0),
  UNIQUE (product_id, order_id)
);

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products,
  customer_id INTEGER REFERENCES customers,
  rating INTEGER NOT NULL CHECK (typeof(rating) = 'integer' AND rating IN (1, 2, 3, 4, 5)),
  comment TEXT,
  written_at TEXT NOT NULL
);

/* One e-mail, whatever its letters look like. */
CREATE TRIGGER customers_email_insert BEFORE INSERT ON customers
WHEN EXISTS (SELECT 1 FROM customers WHERE lower(email) = lower(NEW.email))
BEGIN
  SELECT RAISE(ABORT, 'another customer has this e-mail');
END;

CREATE TRIGGER customers_email_update BEFORE UPDATE OF email ON customers
WHEN EXISTS (SELECT 1 FROM customers WHERE lower(email) = lower(NEW.email) AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'another customer has this e-mail');
END;

/* A customer who bought something stays. Whoever goes leaves reviews and friends behind. */
CREATE TRIGGER customers_delete BEFORE DELETE ON customers
BEGIN
  SELECT RAISE(ABORT, 'this customer has orders')
  WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = OLD.id);
  UPDATE reviews SET customer_id = NULL WHERE customer_id = OLD.id;
  UPDATE customers SET referred_by = NULL WHERE referred_by = OLD.id;
END;

CREATE TRIGGER orders_delete BEFORE DELETE ON orders
BEGIN
  DELETE FROM order_items WHERE order_id = OLD.id;
END;

CREATE TRIGGER products_delete BEFORE DELETE ON products
WHEN EXISTS (SELECT 1 FROM order_items WHERE product_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'this product is in an order');
END;

/* Written back in the one form, a point in time must be the text that came. February 30 comes back as March 2. */
CREATE TRIGGER orders_time_insert BEFORE INSERT ON orders
WHEN NEW.ordered_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', NEW.ordered_at) OR typeof(NEW.ordered_at) <> 'text'
BEGIN
  SELECT RAISE(ABORT, 'ordered_at is no point in time');
END;

CREATE TRIGGER orders_time_update BEFORE UPDATE OF ordered_at ON orders
WHEN NEW.ordered_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', NEW.ordered_at) OR typeof(NEW.ordered_at) <> 'text'
BEGIN
  SELECT RAISE(ABORT, 'ordered_at is no point in time');
END;

CREATE TRIGGER reviews_time_insert BEFORE INSERT ON reviews
WHEN NEW.written_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', NEW.written_at) OR typeof(NEW.written_at) <> 'text'
BEGIN
  SELECT RAISE(ABORT, 'written_at is no point in time');
END;

CREATE TRIGGER reviews_time_update BEFORE UPDATE OF written_at ON reviews
WHEN NEW.written_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', NEW.written_at) OR typeof(NEW.written_at) <> 'text'
BEGIN
  SELECT RAISE(ABORT, 'written_at is no point in time');
END;

CREATE INDEX orders_of_a_customer ON orders (customer_id, ordered_at);
CREATE INDEX items_of_an_order ON order_items (order_id);
CREATE INDEX reviews_of_a_product ON reviews (product_id);
