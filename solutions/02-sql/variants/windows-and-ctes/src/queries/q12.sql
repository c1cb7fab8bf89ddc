with live as (select * from orders where status <> 'cancelled'),
totals as (
  select live.id, live.customer_id, total(quantity * unit_price_cents) as cents
  from live left join order_items on order_id = live.id
  group by live.id
),
spread as (
  select
    customer_id,
    count(*) over who as orders,
    avg(cents) over who as average,
    row_number() over who as line
  from totals
  window who as (partition by customer_id)
)
select customer_id, orders, average from spread where line = 1;
