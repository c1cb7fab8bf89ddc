ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE users SET name = coalesce(display_name, '');

CREATE TRIGGER users_name_inserted AFTER INSERT ON users
WHEN new.display_name IS NULL
BEGIN
  UPDATE users SET display_name = new.name WHERE id = new.id;
END;

CREATE TRIGGER users_name_updated AFTER UPDATE OF name ON users
WHEN new.display_name IS NOT new.name
BEGIN
  UPDATE users SET display_name = new.name WHERE id = new.id;
END;
