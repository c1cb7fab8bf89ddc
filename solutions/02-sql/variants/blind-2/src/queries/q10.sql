-- Grouped by id and not by name: two customers may share a name.
SELECT c.id, c.name
FROM customers c
JOIN orders o ON o.customer_id = c.id
JOIN order_items i ON i.order_id = o.id
JOIN product_categories pc ON pc.product_id = i.product_id
JOIN categories k ON k.id = pc.category_id
WHERE o.status <> 'cancelled' AND k.name = 'Books'
GROUP BY c.id, c.name;
