with numbered as (select *, row_number() over (order by received_at, id) as place from payments)
select id, received_at, amount_cents, sum(amount_cents) over (order by place)
from numbered
order by place;
