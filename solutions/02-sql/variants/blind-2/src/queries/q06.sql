SELECT c.id, c.name, r.id, r.name
FROM customers c
JOIN customers r ON r.id = c.referred_by;
