DROP TRIGGER users_name_inserted;
DROP TRIGGER users_name_updated;

-- What version 3 wrote stands in the new column alone.
UPDATE users SET name = display_name WHERE display_name IS NOT NULL AND display_name <> name;

ALTER TABLE users DROP COLUMN display_name;
