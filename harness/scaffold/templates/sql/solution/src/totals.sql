SELECT customers.name, coalesce(sum(orders.total_cents), 0) AS total_cents
FROM customers
LEFT JOIN orders ON orders.customer_id = customers.id
GROUP BY customers.id;
