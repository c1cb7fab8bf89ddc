SELECT id, name FROM customers WHERE id IN (
  SELECT customer_id FROM orders WHERE status <> 'cancelled' AND id IN (
    SELECT order_id FROM order_items WHERE product_id IN (
      SELECT product_id FROM product_categories WHERE category_id IN (
        SELECT id FROM categories WHERE name = 'Books'
      )
    )
  )
)
