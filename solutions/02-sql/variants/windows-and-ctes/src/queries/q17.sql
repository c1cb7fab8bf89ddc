with offers as (select category_id, product_id, price_cents from product_categories join products on id = product_id),
counted as (
  select *, count(*) over (
    partition by category_id order by price_cents desc groups between unbounded preceding and 1 preceding
  ) as dearer
  from offers
)
select category_id, product_id, price_cents from counted where dearer < 3;
