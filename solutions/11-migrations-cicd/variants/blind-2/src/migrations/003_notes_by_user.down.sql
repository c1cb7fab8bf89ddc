DROP INDEX notes_user_id;
