-- With NOT IN, one NULL in the list makes every answer NULL, and nobody is left.
SELECT id, name
FROM customers
WHERE NOT EXISTS (SELECT 1 FROM customers AS referred WHERE referred.referred_by = customers.id);
