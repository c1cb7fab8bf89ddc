-- TODO Q13: Every category with the number of products in it. No product is 0. Write it FROM
-- product_categories with a RIGHT JOIN (the check looks at the rows alone).
-- Columns: category id, name, number of products
SELECT NULL WHERE 0;
