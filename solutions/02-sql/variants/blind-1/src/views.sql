CREATE VIEW order_totals AS
SELECT o.id AS order_id,
       COALESCE(SUM(oi.quantity), 0) AS pieces,
       COALESCE(SUM(oi.quantity * oi.unit_price_cents), 0) AS total_cents
FROM orders o
LEFT JOIN order_items oi ON oi.order_id = o.id
GROUP BY o.id;

CREATE VIEW product_stats AS
WITH sold AS (
  SELECT oi.product_id, SUM(oi.quantity) AS pieces
  FROM order_items oi
  JOIN orders o ON o.id = oi.order_id
  WHERE o.status <> 'cancelled'
  GROUP BY oi.product_id
),
reviewed AS (
  SELECT product_id, COUNT(*) AS review_count, AVG(rating) AS average_rating
  FROM reviews
  GROUP BY product_id
)
SELECT p.id AS product_id,
       COALESCE(s.pieces, 0) AS pieces_sold,
       COALESCE(r.review_count, 0) AS review_count,
       r.average_rating AS average_rating
FROM products p
LEFT JOIN sold s ON s.product_id = p.id
LEFT JOIN reviewed r ON r.product_id = p.id;
