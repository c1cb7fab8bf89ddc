SELECT o.id, c.name, p.name, oi.quantity, oi.quantity * oi.unit_price_cents AS cost_cents
FROM orders o
JOIN customers c ON c.id = o.customer_id
JOIN order_items oi ON oi.order_id = o.id
JOIN products p ON p.id = oi.product_id
WHERE o.status = 'paid';
