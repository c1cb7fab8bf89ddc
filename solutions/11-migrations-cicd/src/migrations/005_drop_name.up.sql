-- Contract. Rows that the backfill did not reach would lose their only name.
UPDATE users SET display_name = name WHERE display_name IS NULL;

DROP TRIGGER users_name_to_display_name;
ALTER TABLE users DROP COLUMN name;
