SELECT id, name, price_cents
FROM products
WHERE price_cents >= 1000 AND price_cents < 5000
ORDER BY price_cents DESC, id ASC;
