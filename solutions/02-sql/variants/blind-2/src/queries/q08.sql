SELECT r.product_id, r.reviews, IFNULL(i.pieces, 0) AS pieces
FROM (
  SELECT product_id, COUNT(*) AS reviews
  FROM reviews
  GROUP BY product_id
  HAVING COUNT(*) >= 2
) r
LEFT JOIN (
  SELECT product_id, SUM(quantity) AS pieces
  FROM order_items
  GROUP BY product_id
) i ON i.product_id = r.product_id;
