SELECT c.id, c.name, COUNT(pc.product_id) AS products
FROM product_categories pc
RIGHT JOIN categories c ON c.id = pc.category_id
GROUP BY c.id, c.name;
