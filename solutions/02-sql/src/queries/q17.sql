-- rank() is 1 + the number of rows before it that are not equal, which is what the question asks for. row_number() would
-- cut a tie in two; dense_rank() would count prices instead of products.
WITH ranked AS (
  SELECT
    category_id,
    product_id,
    price_cents,
    rank() OVER (PARTITION BY category_id ORDER BY price_cents DESC) AS place
  FROM product_categories
  JOIN products ON products.id = product_categories.product_id
)
SELECT category_id, product_id, price_cents
FROM ranked
WHERE place <= 3;
