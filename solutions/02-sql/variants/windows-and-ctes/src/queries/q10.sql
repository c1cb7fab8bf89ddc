with books as (
  select product_id from product_categories join categories on category_id = categories.id where categories.name = 'Books'
),
buyers as (
  select distinct customer_id
  from orders join order_items on order_id = orders.id
  where product_id in books and status not in ('cancelled')
)
select id, name from customers where id in buyers;
