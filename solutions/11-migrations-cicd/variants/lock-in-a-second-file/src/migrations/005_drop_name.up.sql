-- Contract. The table is built anew: the new column is NOT NULL from here on.
CREATE TABLE users_without_name (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL
);

INSERT INTO users_without_name (id, email, display_name)
SELECT id, email, coalesce(display_name, name) FROM users;

DROP TABLE users;
ALTER TABLE users_without_name RENAME TO users;
