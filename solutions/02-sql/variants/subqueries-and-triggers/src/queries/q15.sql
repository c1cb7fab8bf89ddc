SELECT customer_id, id, status
FROM orders o
WHERE id = (SELECT x.id FROM orders x WHERE x.customer_id = o.customer_id ORDER BY x.ordered_at DESC, x.id DESC LIMIT 1)
