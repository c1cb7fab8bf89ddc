with billed as (select id from orders where status = 'paid' or status = 'shipped'),
known as (select billed.id as order_id, payments.id, amount_cents from billed left join payments on order_id = billed.id),
stray as (select null, id, amount_cents from payments where id not in (select id from known where id is not null))
select * from known union all select * from stray;
