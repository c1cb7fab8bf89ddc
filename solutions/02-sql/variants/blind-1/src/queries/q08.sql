WITH reviewed AS (
  SELECT product_id, COUNT(*) AS review_count
  FROM reviews
  GROUP BY product_id
  HAVING COUNT(*) >= 2
),
ordered AS (
  SELECT product_id, SUM(quantity) AS pieces
  FROM order_items
  GROUP BY product_id
)
SELECT r.product_id, r.review_count, COALESCE(o.pieces, 0) AS pieces
FROM reviewed r
LEFT JOIN ordered o ON o.product_id = r.product_id;
