/* No join at all: each number is a question of its own. total() would give 0.0, so sum() and ifnull(). */
CREATE VIEW order_totals (order_id, pieces, total_cents) AS
SELECT
  o.id,
  ifnull((SELECT sum(i.quantity) FROM order_items i WHERE i.order_id = o.id), 0),
  ifnull((SELECT sum(i.quantity * i.unit_price_cents) FROM order_items i WHERE i.order_id = o.id), 0)
FROM orders o;

CREATE VIEW product_stats AS
SELECT
  p.id product_id,
  p.name product_name,
  (
    SELECT ifnull(sum(i.quantity), 0) FROM order_items i
    WHERE i.product_id = p.id AND i.order_id NOT IN (SELECT id FROM orders WHERE status = 'cancelled')
  ) pieces_sold,
  (SELECT count(*) FROM reviews r WHERE r.product_id = p.id) review_count,
  (SELECT avg(r.rating) FROM reviews r WHERE r.product_id = p.id) average_rating
FROM products p;
