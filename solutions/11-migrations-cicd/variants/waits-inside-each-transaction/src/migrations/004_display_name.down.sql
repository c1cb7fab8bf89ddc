DROP TRIGGER users_name_updated;
DROP TRIGGER users_name_inserted;
ALTER TABLE users DROP COLUMN display_name;
