SELECT id, received_at, amount_cents,
       SUM(amount_cents) OVER (ORDER BY received_at, id) AS running_total
FROM payments
ORDER BY received_at, id;
