with ends as (
  select distinct
    customer_id,
    first_value(id) over latest_first as id,
    first_value(status) over latest_first as status
  from orders
  window latest_first as (partition by customer_id order by ordered_at desc, id desc)
)
select customer_id, id, status from ends;
