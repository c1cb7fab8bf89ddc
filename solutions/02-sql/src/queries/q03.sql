-- The price comes from the item, not from the product: it is what was paid.
SELECT orders.id, customers.name, products.name, quantity, quantity * unit_price_cents AS cost_cents
FROM orders
JOIN customers ON customers.id = orders.customer_id
JOIN order_items ON order_items.order_id = orders.id
JOIN products ON products.id = order_items.product_id
WHERE orders.status = 'paid';
