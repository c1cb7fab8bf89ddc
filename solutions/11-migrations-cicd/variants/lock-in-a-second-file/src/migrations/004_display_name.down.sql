DROP TRIGGER mirror_new_users;
DROP TRIGGER mirror_names;

-- What version 3 wrote stands in the new column alone.
UPDATE users SET name = display_name WHERE display_name IS NOT NULL;
ALTER TABLE users DROP COLUMN display_name;
