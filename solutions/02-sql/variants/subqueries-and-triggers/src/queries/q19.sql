SELECT
  month,
  (SELECT count(*) FROM orders WHERE status <> 'cancelled' AND substr(ordered_at, 1, 7) = month),
  (
    SELECT ifnull(sum(quantity * unit_price_cents), 0) FROM order_items
    WHERE order_id IN (SELECT id FROM orders WHERE status <> 'cancelled' AND substr(ordered_at, 1, 7) = month)
  )
FROM (
  SELECT '2026-01' AS month UNION SELECT '2026-02' UNION SELECT '2026-03' UNION SELECT '2026-04'
  UNION SELECT '2026-05' UNION SELECT '2026-06' UNION SELECT '2026-07' UNION SELECT '2026-08'
  UNION SELECT '2026-09' UNION SELECT '2026-10' UNION SELECT '2026-11' UNION SELECT '2026-12'
)
ORDER BY 1
