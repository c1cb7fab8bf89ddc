-- The id at the end makes the order total: two products with one price always come the same way round.
SELECT id, name, price_cents
FROM products
WHERE price_cents >= 1000 AND price_cents < 5000
ORDER BY price_cents DESC, id;
