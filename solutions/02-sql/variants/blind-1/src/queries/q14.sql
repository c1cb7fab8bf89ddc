WITH due AS (
  SELECT id FROM orders WHERE status IN ('paid', 'shipped')
)
SELECT d.id AS order_id, p.id AS payment_id, p.amount_cents
FROM due d
FULL JOIN payments p ON p.order_id = d.id;
