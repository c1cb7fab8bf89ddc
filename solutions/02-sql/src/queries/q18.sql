-- Ordered by the time alone, payments of one instant would be peers and all show the sum of all of them: without ROWS the
-- frame ends after the last peer. The id makes the order total, and ROWS says what is meant.
SELECT
  id,
  received_at,
  amount_cents,
  sum(amount_cents) OVER (ORDER BY received_at, id ROWS UNBOUNDED PRECEDING) AS running_total_cents
FROM payments
ORDER BY received_at, id;
