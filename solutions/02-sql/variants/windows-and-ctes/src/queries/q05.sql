with unsold as (select id from products except select product_id from order_items)
select id, name from unsold join products using (id);
