-- A full join is three lists: what belongs together, what is alone on the left, what is alone on the right.
SELECT orders.id, payments.id, payments.amount_cents
FROM orders, payments
WHERE payments.order_id = orders.id AND orders.status IN ('paid', 'shipped')
UNION ALL
SELECT id, NULL, NULL
FROM orders
WHERE status IN ('paid', 'shipped') AND NOT EXISTS (SELECT 1 FROM payments WHERE order_id = orders.id)
UNION ALL
SELECT NULL, id, amount_cents
FROM payments
WHERE order_id IS NULL OR order_id NOT IN (SELECT id FROM orders WHERE status IN ('paid', 'shipped'))
