SELECT id, name, (SELECT count(*) FROM product_categories WHERE category_id = categories.id) FROM categories
