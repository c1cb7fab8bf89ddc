with opinions as (select product_id, count(*) as n from reviews group by product_id),
sales as (select product_id, sum(quantity) as n from order_items group by product_id)
select opinions.product_id, opinions.n, coalesce(sales.n, 0)
from opinions left join sales on sales.product_id = opinions.product_id
where opinions.n >= 2;
