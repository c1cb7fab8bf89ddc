UPDATE users SET display_name = name WHERE display_name IS NULL;
DROP TRIGGER users_name_updated;
DROP TRIGGER users_name_inserted;
ALTER TABLE users DROP COLUMN name;
