with visit (product_id) as (select :product_id)
insert into product_views (product_id, views)
select product_id, 1 from visit where true
on conflict (product_id) do update set views = views + 1
returning views;
