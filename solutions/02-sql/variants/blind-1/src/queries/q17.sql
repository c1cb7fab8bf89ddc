WITH ranked AS (
  SELECT pc.category_id, p.id AS product_id, p.price_cents,
         RANK() OVER (PARTITION BY pc.category_id ORDER BY p.price_cents DESC) AS place
  FROM product_categories pc
  JOIN products p ON p.id = pc.product_id
)
SELECT category_id, product_id, price_cents
FROM ranked
WHERE place <= 3;
