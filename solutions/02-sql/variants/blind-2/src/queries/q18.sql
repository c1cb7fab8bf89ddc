SELECT p.id, p.received_at, p.amount_cents, SUM(b.amount_cents) AS running_cents
FROM payments p
JOIN payments b
  ON b.received_at < p.received_at
  OR (b.received_at = p.received_at AND b.id <= p.id)
GROUP BY p.id, p.received_at, p.amount_cents
ORDER BY p.received_at, p.id;
