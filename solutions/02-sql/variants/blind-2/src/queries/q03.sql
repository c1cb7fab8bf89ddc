SELECT o.id, c.name, p.name, i.quantity, i.quantity * i.unit_price_cents AS cost_cents
FROM orders o
JOIN customers c ON c.id = o.customer_id
JOIN order_items i ON i.order_id = o.id
JOIN products p ON p.id = i.product_id
WHERE o.status = 'paid';
