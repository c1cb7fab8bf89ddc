SELECT c.id, c.name, c.referred_by, (SELECT r.name FROM customers r WHERE r.id = c.referred_by)
FROM customers c
WHERE c.referred_by IS NOT NULL
