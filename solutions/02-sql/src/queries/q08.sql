-- Reviews are counted before the items are touched. Joined to both at once, two reviews would double the pieces.
SELECT
  product_id,
  count(*) AS reviews,
  (
    SELECT coalesce(sum(quantity), 0)
    FROM order_items
    WHERE order_items.product_id = reviews.product_id
  ) AS pieces
FROM reviews
GROUP BY product_id
HAVING count(*) >= 2;
