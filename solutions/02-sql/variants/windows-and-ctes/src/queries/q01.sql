with affordable as (select * from products where price_cents >= 1000 and price_cents < 5000),
placed as (select *, row_number() over (order by price_cents desc, id asc) as place from affordable)
select id, name, price_cents from placed order by place;
