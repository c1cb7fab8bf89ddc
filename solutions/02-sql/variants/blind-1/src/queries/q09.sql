WITH average AS (
  SELECT AVG(price_cents) AS price FROM products
)
SELECT p.id, p.name, p.price_cents, a.price AS average_price
FROM products p
CROSS JOIN average a
WHERE p.price_cents > a.price;
