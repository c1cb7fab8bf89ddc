DROP TRIGGER users_name_to_display_name;
ALTER TABLE users DROP COLUMN display_name;
