-- WHERE true tells the parser that the ON after it is no join.
INSERT INTO product_views (product_id, views)
SELECT :product_id, 1 WHERE true
ON CONFLICT DO UPDATE SET views = product_views.views + excluded.views
