SELECT
  (SELECT count(*) FROM orders WHERE substr(ordered_at, 1, 7) = '2026-01'),
  (SELECT count(*) FROM orders WHERE substr(ordered_at, 1, 7) = '2026-01' AND status = 'cancelled')
