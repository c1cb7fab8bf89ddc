-- "The latest" means: there is none that comes after it. The pair (time, id) settles which of two is later.
SELECT customer_id, id AS order_id, status
FROM orders
WHERE NOT EXISTS (
  SELECT 1
  FROM orders AS later
  WHERE later.customer_id = orders.customer_id
    AND (later.ordered_at, later.id) > (orders.ordered_at, orders.id)
);
