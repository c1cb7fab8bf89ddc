-- EXISTS asks yes or no, so no customer can appear twice.
SELECT customers.id, customers.name
FROM customers
WHERE EXISTS (
  SELECT 1
  FROM orders
  JOIN order_items ON order_items.order_id = orders.id
  JOIN product_categories ON product_categories.product_id = order_items.product_id
  JOIN categories ON categories.id = product_categories.category_id
  WHERE orders.customer_id = customers.id AND orders.status <> 'cancelled' AND categories.name = 'Books'
);
