INSERT INTO product_views (product_id, views)
VALUES (:product_id, 1)
ON CONFLICT (product_id) DO UPDATE SET views = product_views.views + 1;
