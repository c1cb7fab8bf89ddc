CREATE VIEW order_totals AS
SELECT o.id AS order_id,
       IFNULL(SUM(i.quantity), 0) AS pieces,
       IFNULL(SUM(i.quantity * i.unit_price_cents), 0) AS total_cents
FROM orders o
LEFT JOIN order_items i ON i.order_id = o.id
GROUP BY o.id;

-- Items and reviews are each added up on their own, so that neither multiplies the other.
CREATE VIEW product_stats AS
SELECT p.id AS product_id,
       IFNULL(sold.pieces, 0) AS pieces_sold,
       IFNULL(rated.reviews, 0) AS review_count,
       rated.average AS average_rating
FROM products p
LEFT JOIN (
  SELECT i.product_id, SUM(i.quantity) AS pieces
  FROM order_items i
  JOIN orders o ON o.id = i.order_id
  WHERE o.status <> 'cancelled'
  GROUP BY i.product_id
) sold ON sold.product_id = p.id
LEFT JOIN (
  SELECT product_id, COUNT(*) AS reviews, AVG(rating) AS average
  FROM reviews
  GROUP BY product_id
) rated ON rated.product_id = p.id;
