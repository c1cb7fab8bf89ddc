SELECT t.customer_id, COUNT(*) AS orders, AVG(t.total_cents) AS average_cents
FROM (
  SELECT o.id, o.customer_id, IFNULL(SUM(i.quantity * i.unit_price_cents), 0) AS total_cents
  FROM orders o
  LEFT JOIN order_items i ON i.order_id = o.id
  WHERE o.status <> 'cancelled'
  GROUP BY o.id, o.customer_id
) t
GROUP BY t.customer_id;
