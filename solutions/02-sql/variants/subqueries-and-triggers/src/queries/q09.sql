SELECT id, name, price_cents, (SELECT round(avg(price_cents), 2) FROM products)
FROM products
WHERE price_cents > (SELECT avg(price_cents) FROM products)
