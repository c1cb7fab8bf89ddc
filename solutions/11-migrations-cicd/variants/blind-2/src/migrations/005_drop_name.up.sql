-- Contract: what stands in the old column alone comes along, then the column goes.
UPDATE users SET display_name = name WHERE display_name IS NULL;
DROP TRIGGER users_name_inserted;
DROP TRIGGER users_name_updated;
ALTER TABLE users DROP COLUMN name;
