DROP TRIGGER users_name_inserted;
DROP TRIGGER users_name_updated;
-- Version 3 wrote the new column only.
UPDATE users SET name = display_name WHERE display_name IS NOT NULL AND name IS NOT display_name;
ALTER TABLE users DROP COLUMN display_name;
