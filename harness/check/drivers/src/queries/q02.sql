INSERT INTO books (title, price) VALUES (@title, 5)
