with january as (
  select * from orders where ordered_at >= '2026-01-01' and ordered_at < '2026-02-01'
)
select count(*), coalesce(sum(iif(status = 'cancelled', 1, 0)), 0) from january;
