create view order_totals as
with lines as (
  select
    orders.id as order_id,
    row_number() over (partition by orders.id) as line,
    sum(quantity) over (partition by orders.id) as pieces,
    sum(cost_cents) over (partition by orders.id) as total_cents
  from orders left join order_items on order_items.order_id = orders.id
)
select order_id, ifnull(pieces, 0) as pieces, ifnull(total_cents, 0) as total_cents
from lines
where line = 1;

create view product_stats as
with facts (product_id, pieces, review, rating) as (
  select id, 0, 0, null from products
  union all
  select product_id, quantity, 0, null
  from order_items join orders on orders.id = order_id and status <> 'cancelled'
  union all
  select product_id, 0, 1, rating from reviews
)
select product_id, sum(pieces) as pieces_sold, sum(review) as review_count, avg(rating) as average_rating
from facts
group by product_id;
