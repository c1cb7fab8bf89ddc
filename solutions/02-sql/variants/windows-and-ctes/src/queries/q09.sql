with compared as (select id, name, price_cents, avg(price_cents) over () as average from products)
select * from compared where price_cents > average;
