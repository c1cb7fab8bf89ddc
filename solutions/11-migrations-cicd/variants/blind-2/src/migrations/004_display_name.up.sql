-- Expand: the new column comes, and may be empty. Nothing is copied here.
ALTER TABLE users ADD COLUMN display_name TEXT;

-- What version 1 writes arrives in the new column too. Version 2 writes both columns, and nothing is left to do.
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
