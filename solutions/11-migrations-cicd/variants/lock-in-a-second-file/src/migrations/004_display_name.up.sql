-- Expand: NULL until somebody writes it. Who knows the old column only writes the new one, too.
ALTER TABLE users ADD display_name TEXT DEFAULT NULL;

CREATE TRIGGER mirror_new_users AFTER INSERT ON users WHEN NEW.display_name IS NULL BEGIN
  UPDATE users SET display_name = name WHERE rowid = NEW.rowid;
END;

CREATE TRIGGER mirror_names AFTER UPDATE ON users
WHEN NEW.name <> OLD.name AND NEW.display_name IS NOT NEW.name BEGIN
  UPDATE users SET display_name = name WHERE rowid = NEW.rowid;
END;
