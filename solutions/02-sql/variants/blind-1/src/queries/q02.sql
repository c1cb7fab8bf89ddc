SELECT COUNT(*) AS orders,
       COUNT(*) FILTER (WHERE status = 'cancelled') AS cancelled
FROM orders
WHERE ordered_at >= '2026-01-01T00:00:00.000Z'
  AND ordered_at <  '2026-02-01T00:00:00.000Z';
