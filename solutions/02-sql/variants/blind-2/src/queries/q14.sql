-- A full join without FULL JOIN: the left join, and below it the payments that found no partner.
SELECT o.id AS order_id, p.id AS payment_id, p.amount_cents
FROM orders o
LEFT JOIN payments p ON p.order_id = o.id
WHERE o.status IN ('paid', 'shipped')
UNION ALL
SELECT NULL, p.id, p.amount_cents
FROM payments p
LEFT JOIN orders o ON o.id = p.order_id AND o.status IN ('paid', 'shipped')
WHERE o.id IS NULL;
