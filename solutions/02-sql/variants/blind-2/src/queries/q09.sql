SELECT p.id, p.name, p.price_cents, a.average_cents
FROM products p
JOIN (SELECT AVG(price_cents) AS average_cents FROM products) a ON p.price_cents > a.average_cents;
