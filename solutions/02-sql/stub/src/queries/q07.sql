-- TODO Q07: Products that are in both the category 'Books' and the category 'Gifts'.
-- Columns: id, name
SELECT NULL WHERE 0;
