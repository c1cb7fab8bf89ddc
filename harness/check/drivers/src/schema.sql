PRAGMA foreign_keys = ON;
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price INTEGER CHECK (price >= 0));
