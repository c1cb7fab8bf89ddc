SELECT
  id,
  received_at,
  amount_cents,
  (
    SELECT sum(b.amount_cents) FROM payments b
    WHERE b.received_at < p.received_at OR (b.received_at = p.received_at AND b.id <= p.id)
  )
FROM payments p
ORDER BY received_at ASC, id ASC
