with numbers (n) as (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)),
months as (select format('2026-%02d', n) as month from numbers),
live as (select id, strftime('%Y-%m', ordered_at) as month from orders where status <> 'cancelled'),
counts as (select month, count(*) as orders from live group by month),
sums as (
  select month, sum(quantity * unit_price_cents) as cents from live join order_items on order_id = live.id group by month
)
select month, coalesce(orders, 0), coalesce(cents, 0)
from months left join counts using (month) left join sums using (month)
order by month;
