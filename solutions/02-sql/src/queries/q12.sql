-- First one row for each order, then one for each customer. An average of items would be another number.
WITH totals AS (
  SELECT orders.customer_id, coalesce(sum(quantity * unit_price_cents), 0) AS total_cents
  FROM orders
  LEFT JOIN order_items ON order_items.order_id = orders.id
  WHERE orders.status <> 'cancelled'
  GROUP BY orders.id
)
SELECT customer_id, count(*) AS orders, avg(total_cents) AS average_cents
FROM totals
GROUP BY customer_id;
