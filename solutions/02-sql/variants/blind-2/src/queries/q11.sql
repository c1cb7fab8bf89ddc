SELECT c.id, c.name
FROM customers c
LEFT JOIN customers brought ON brought.referred_by = c.id
WHERE brought.id IS NULL;
