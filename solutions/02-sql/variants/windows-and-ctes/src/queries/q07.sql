with membership as (
  select product_id, categories.name from product_categories join categories on categories.id = category_id
),
marked as (
  select
    product_id,
    max(name = 'Books') over (partition by product_id) as book,
    max(name = 'Gifts') over (partition by product_id) as gift
  from membership
)
select distinct products.id, products.name from marked join products on products.id = product_id where book and gift;
