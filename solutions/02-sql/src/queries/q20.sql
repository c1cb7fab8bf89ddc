-- One statement, so two visitors at once cannot both read 41 and write 42. INSERT OR REPLACE would delete the row first,
-- and with it what the other columns say.
INSERT INTO product_views (product_id, views)
VALUES (:product_id, 1)
ON CONFLICT (product_id) DO UPDATE SET views = views + 1;
