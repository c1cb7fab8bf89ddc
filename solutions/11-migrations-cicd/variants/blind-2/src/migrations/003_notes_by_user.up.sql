CREATE INDEX notes_user_id ON notes (user_id);
