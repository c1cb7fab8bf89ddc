-- Expand: the new column comes, no row is touched.
ALTER TABLE users ADD COLUMN display_name TEXT;

-- Version 1 knows nothing of the new column. What it writes arrives there by these two.
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
