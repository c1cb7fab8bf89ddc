-- The orders are filtered before the join. Afterwards, in WHERE, the filter would throw out the payments without an order.
WITH billed AS (SELECT id FROM orders WHERE status IN ('paid', 'shipped'))
SELECT billed.id AS order_id, payments.id AS payment_id, payments.amount_cents
FROM billed
FULL JOIN payments ON payments.order_id = billed.id;
