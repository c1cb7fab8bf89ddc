-- No single row is in both categories: the two are two rows of the junction table. So both are kept, and counted.
SELECT products.id, products.name
FROM products
JOIN product_categories ON product_categories.product_id = products.id
JOIN categories ON categories.id = product_categories.category_id
WHERE categories.name IN ('Books', 'Gifts')
GROUP BY products.id
HAVING count(*) = 2;
