ALTER TABLE users ADD COLUMN display_name TEXT;

CREATE TRIGGER users_name_inserted AFTER INSERT ON users
WHEN NEW.display_name IS NULL
BEGIN
  UPDATE users SET display_name = NEW.name WHERE id = NEW.id;
END;

CREATE TRIGGER users_name_updated AFTER UPDATE OF name ON users
BEGIN
  UPDATE users SET display_name = NEW.name WHERE id = NEW.id;
END;
