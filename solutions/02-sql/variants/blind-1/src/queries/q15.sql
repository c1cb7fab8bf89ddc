WITH ranked AS (
  SELECT customer_id, id, status,
         ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC, id DESC) AS rn
  FROM orders
)
SELECT customer_id, id AS order_id, status
FROM ranked
WHERE rn = 1;
