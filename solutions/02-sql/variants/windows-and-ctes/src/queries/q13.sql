with spread as (
  select distinct categories.id, categories.name, count(product_id) over (partition by categories.id) as products
  from categories left join product_categories on category_id = categories.id
)
select * from spread;
