-- The condition on orders stands in ON. In WHERE it would throw out the rows without an order. count(orders.id) skips the
-- NULL of such a row; count(*) would count the row itself as 1.
SELECT customers.id, customers.name, count(orders.id) AS orders
FROM customers
LEFT JOIN orders ON orders.customer_id = customers.id AND orders.status <> 'cancelled'
GROUP BY customers.id;
