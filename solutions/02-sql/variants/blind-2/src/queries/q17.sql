-- Every product beside those of its category that cost more, which are then counted.
SELECT mine.category_id, mine.product_id, mine.price_cents
FROM (
  SELECT pc.category_id, pc.product_id, p.price_cents
  FROM product_categories pc
  JOIN products p ON p.id = pc.product_id
) mine
LEFT JOIN (
  SELECT pc.category_id, pc.product_id, p.price_cents
  FROM product_categories pc
  JOIN products p ON p.id = pc.product_id
) dearer ON dearer.category_id = mine.category_id AND dearer.price_cents > mine.price_cents
GROUP BY mine.category_id, mine.product_id, mine.price_cents
HAVING COUNT(dearer.product_id) < 3;
