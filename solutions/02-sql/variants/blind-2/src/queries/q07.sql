SELECT p.id, p.name
FROM products p
JOIN product_categories pc ON pc.product_id = p.id
JOIN categories c ON c.id = pc.category_id
WHERE c.name IN ('Books', 'Gifts')
GROUP BY p.id, p.name
HAVING COUNT(DISTINCT c.name) = 2;
