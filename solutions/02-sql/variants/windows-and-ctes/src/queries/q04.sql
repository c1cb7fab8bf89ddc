with live as (select customer_id, count(*) as orders from orders where status <> 'cancelled' group by customer_id)
select id, name, coalesce(live.orders, 0) from customers left join live on live.customer_id = customers.id;
