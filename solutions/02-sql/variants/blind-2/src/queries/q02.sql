-- A comparison is 1 or 0, so its sum counts. The sum of no rows is NULL.
SELECT COUNT(*) AS orders, IFNULL(SUM(status = 'cancelled'), 0) AS cancelled
FROM orders
WHERE ordered_at >= '2026-01-01T00:00:00.000Z' AND ordered_at < '2026-02-01T00:00:00.000Z';
