SELECT title, price FROM books WHERE price > @low ORDER BY title; -- cheap ones stay out
