-- Contract: the old column goes. What stands in it alone is saved first.
DROP TRIGGER users_name_inserted;
DROP TRIGGER users_name_updated;

UPDATE users SET display_name = name WHERE display_name IS NULL;

-- DROP COLUMN keeps the table: a new table in its place would take the notes with the old one.
ALTER TABLE users DROP COLUMN name;
