SELECT pc.category_id, p.id, p.price_cents
FROM product_categories pc, products p
WHERE p.id = pc.product_id AND (
  SELECT count(*) FROM products dearer
  WHERE dearer.price_cents > p.price_cents
    AND dearer.id IN (SELECT product_id FROM product_categories WHERE category_id = pc.category_id)
) < 3
