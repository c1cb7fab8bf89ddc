-- Starts from orders, so an order without items keeps its row. Its sums are NULL there, hence coalesce.
CREATE VIEW order_totals AS
SELECT
  orders.id AS order_id,
  coalesce(sum(quantity), 0) AS pieces,
  coalesce(sum(quantity * unit_price_cents), 0) AS total_cents
FROM orders
LEFT JOIN order_items ON order_items.order_id = orders.id
GROUP BY orders.id;

-- Items and reviews are both children of a product. Joined in one go, every item would meet every review, and both sums
-- would be too large. So each child is summed up by itself, and the joins see at most one row of each.
CREATE VIEW product_stats AS
WITH sales AS (
  SELECT product_id, sum(quantity) AS pieces
  FROM order_items
  JOIN orders ON orders.id = order_items.order_id
  WHERE orders.status <> 'cancelled'
  GROUP BY product_id
),
opinions AS (
  SELECT product_id, count(*) AS reviews, avg(rating) AS average
  FROM reviews
  GROUP BY product_id
)
SELECT
  products.id AS product_id,
  coalesce(sales.pieces, 0) AS pieces_sold,
  coalesce(opinions.reviews, 0) AS review_count,
  opinions.average AS average_rating
FROM products
LEFT JOIN sales ON sales.product_id = products.id
LEFT JOIN opinions ON opinions.product_id = products.id;
