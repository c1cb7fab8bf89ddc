SELECT c.id, c.name, r.id AS referrer_id, r.name AS referrer_name
FROM customers c
JOIN customers r ON r.id = c.referred_by;
