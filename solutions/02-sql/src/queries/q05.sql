SELECT id, name
FROM products
WHERE NOT EXISTS (SELECT 1 FROM order_items WHERE order_items.product_id = products.id);
