SELECT c.id, c.name, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id AND o.status != 'cancelled')
FROM customers c
