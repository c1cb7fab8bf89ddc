SELECT id, name FROM products
WHERE id IN (
  SELECT product_id FROM product_categories WHERE category_id = (SELECT id FROM categories WHERE name = 'Books')
  INTERSECT
  SELECT product_id FROM product_categories WHERE category_id = (SELECT id FROM categories WHERE name = 'Gifts')
)
