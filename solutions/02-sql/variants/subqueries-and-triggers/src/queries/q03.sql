SELECT
  i.order_id,
  (SELECT c.name FROM customers c WHERE c.id = (SELECT o.customer_id FROM orders o WHERE o.id = i.order_id)),
  (SELECT p.name FROM products p WHERE p.id = i.product_id),
  i.quantity,
  i.quantity * i.unit_price_cents
FROM order_items i
WHERE i.order_id IN (SELECT o.id FROM orders o WHERE o.status = 'paid')
