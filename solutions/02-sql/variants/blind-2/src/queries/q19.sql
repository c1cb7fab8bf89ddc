SELECT m.month, COUNT(DISTINCT o.id) AS orders, IFNULL(SUM(i.quantity * i.unit_price_cents), 0) AS total_cents
FROM (
  SELECT '2026-01' AS month
  UNION ALL SELECT '2026-02'
  UNION ALL SELECT '2026-03'
  UNION ALL SELECT '2026-04'
  UNION ALL SELECT '2026-05'
  UNION ALL SELECT '2026-06'
  UNION ALL SELECT '2026-07'
  UNION ALL SELECT '2026-08'
  UNION ALL SELECT '2026-09'
  UNION ALL SELECT '2026-10'
  UNION ALL SELECT '2026-11'
  UNION ALL SELECT '2026-12'
) m
LEFT JOIN orders o ON substr(o.ordered_at, 1, 7) = m.month AND o.status <> 'cancelled'
LEFT JOIN order_items i ON i.order_id = o.id
GROUP BY m.month
ORDER BY m.month;
