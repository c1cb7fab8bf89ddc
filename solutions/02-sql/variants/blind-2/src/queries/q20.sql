INSERT INTO product_views (product_id, views)
VALUES (:product_id, 1)
ON CONFLICT (product_id) DO UPDATE SET views = views + 1;
