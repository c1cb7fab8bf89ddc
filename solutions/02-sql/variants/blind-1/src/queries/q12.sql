WITH totals AS (
  SELECT o.id, o.customer_id,
         COALESCE(SUM(oi.quantity * oi.unit_price_cents), 0) AS total_cents
  FROM orders o
  LEFT JOIN order_items oi ON oi.order_id = o.id
  WHERE o.status <> 'cancelled'
  GROUP BY o.id, o.customer_id
)
SELECT customer_id, COUNT(*) AS orders, AVG(total_cents) AS average_total
FROM totals
GROUP BY customer_id;
