WITH RECURSIVE months (n, month) AS (
  SELECT 1, '2026-01'
  UNION ALL
  SELECT n + 1, printf('2026-%02d', n + 1)
  FROM months
  WHERE n < 12
)
SELECT m.month,
       COUNT(DISTINCT o.id) AS orders,
       COALESCE(SUM(oi.quantity * oi.unit_price_cents), 0) AS total_cents
FROM months m
LEFT JOIN orders o ON substr(o.ordered_at, 1, 7) = m.month AND o.status <> 'cancelled'
LEFT JOIN order_items oi ON oi.order_id = o.id
GROUP BY m.month
ORDER BY m.month;
