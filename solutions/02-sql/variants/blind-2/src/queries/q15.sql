-- The latest order is the one beside which no later one of the same customer is found.
SELECT o.customer_id, o.id, o.status
FROM orders o
LEFT JOIN orders later
  ON later.customer_id = o.customer_id
  AND (later.ordered_at > o.ordered_at OR (later.ordered_at = o.ordered_at AND later.id > o.id))
WHERE later.id IS NULL;
