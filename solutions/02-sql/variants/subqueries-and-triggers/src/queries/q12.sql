SELECT customer_id, count(*), round(avg(total), 2)
FROM (
  SELECT
    o.customer_id,
    ifnull((SELECT sum(i.quantity * i.unit_price_cents) FROM order_items i WHERE i.order_id = o.id), 0) AS total
  FROM orders o
  WHERE o.status IN ('new', 'paid', 'shipped')
)
GROUP BY customer_id
