-- Expand: what version 1 does not know must not stand in its way. So the new column may be NULL.
ALTER TABLE users ADD COLUMN display_name TEXT;

-- Version 1 changes the old column alone. Without this, a row that was copied already would keep the old text.
CREATE TRIGGER users_name_to_display_name AFTER UPDATE OF name ON users
BEGIN
  UPDATE users SET display_name = NEW.name WHERE id = NEW.id;
END;
