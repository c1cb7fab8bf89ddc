SELECT * FROM (
  SELECT
    p.id,
    (SELECT count(*) FROM reviews r WHERE r.product_id = p.id) AS review_count,
    ifnull((SELECT sum(i.quantity) FROM order_items i WHERE i.product_id = p.id), 0)
  FROM products p
)
WHERE review_count > 1
