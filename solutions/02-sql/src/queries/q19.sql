-- A month without orders is in no table, so the months are made first. An order is counted once and may have many items:
-- hence count(DISTINCT …). The year needs no filter of its own, because only its twelve months are joined.
WITH RECURSIVE months (first_day) AS (
  SELECT '2026-01-01'
  UNION ALL
  SELECT date(first_day, '+1 month') FROM months WHERE first_day < '2026-12-01'
)
SELECT
  strftime('%Y-%m', first_day) AS month,
  count(DISTINCT orders.id) AS orders,
  coalesce(sum(quantity * unit_price_cents), 0) AS sum_cents
FROM months
LEFT JOIN orders
  ON orders.ordered_at >= first_day
  AND orders.ordered_at < date(first_day, '+1 month')
  AND orders.status <> 'cancelled'
LEFT JOIN order_items ON order_items.order_id = orders.id
GROUP BY first_day
ORDER BY first_day;
