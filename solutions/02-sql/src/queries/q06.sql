-- One table in two roles, each with its own name.
SELECT customer.id, customer.name, referrer.id AS referrer_id, referrer.name AS referrer_name
FROM customers AS customer
JOIN customers AS referrer ON referrer.id = customer.referred_by;
