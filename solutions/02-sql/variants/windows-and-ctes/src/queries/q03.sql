with paid as (select id, customer_id from orders where status = 'paid'),
buyers as (select paid.id, customers.name from paid join customers on customers.id = paid.customer_id)
select buyers.id, buyers.name, products.name, quantity, unit_price_cents * quantity
from order_items
join products on products.id = order_items.product_id
join buyers on buyers.id = order_items.order_id;
