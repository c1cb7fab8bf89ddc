SELECT id, name, price_cents FROM products
WHERE price_cents BETWEEN 1000 AND 4999
ORDER BY -price_cents, id
