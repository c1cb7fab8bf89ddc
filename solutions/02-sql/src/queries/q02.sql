-- Half-open: from the first instant of January up to, but not including, the first instant of February. No "last
-- millisecond" has to be known. count(…) over no rows is 0, where sum(…) would be NULL.
SELECT count(*) AS orders, count(*) FILTER (WHERE status = 'cancelled') AS cancelled
FROM orders
WHERE ordered_at >= '2026-01-01T00:00:00.000Z' AND ordered_at < '2026-02-01T00:00:00.000Z';
