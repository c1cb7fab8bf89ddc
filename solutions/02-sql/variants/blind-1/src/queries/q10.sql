SELECT c.id, c.name
FROM customers c
WHERE EXISTS (
  SELECT 1
  FROM orders o
  JOIN order_items oi ON oi.order_id = o.id
  JOIN product_categories pc ON pc.product_id = oi.product_id
  JOIN categories cat ON cat.id = pc.category_id
  WHERE o.customer_id = c.id
    AND o.status <> 'cancelled'
    AND cat.name = 'Books'
);
