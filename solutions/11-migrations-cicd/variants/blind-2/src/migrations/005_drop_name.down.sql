ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE users SET name = display_name WHERE display_name IS NOT NULL;

CREATE TRIGGER users_name_inserted AFTER INSERT ON users
WHEN NEW.display_name IS NULL
BEGIN
  UPDATE users SET display_name = NEW.name WHERE id = NEW.id;
END;

CREATE TRIGGER users_name_updated AFTER UPDATE OF name ON users
WHEN NEW.display_name IS NOT NEW.name
BEGIN
  UPDATE users SET display_name = NEW.name WHERE id = NEW.id;
END;
