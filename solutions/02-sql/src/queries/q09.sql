-- The average is one value, computed once. avg() is never an integer division; sum(…) / count(…) would be.
WITH average AS (SELECT avg(price_cents) AS price_cents FROM products)
SELECT products.id, products.name, products.price_cents, average.price_cents AS average_cents
FROM products
JOIN average ON products.price_cents > average.price_cents;
