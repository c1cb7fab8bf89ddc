-- RIGHT JOIN keeps all rows of the table on its right. The same as a LEFT JOIN that starts from categories.
SELECT categories.id, categories.name, count(product_categories.product_id) AS products
FROM product_categories
RIGHT JOIN categories ON categories.id = product_categories.category_id
GROUP BY categories.id;
