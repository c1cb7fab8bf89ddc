-- TODO Q10: Customers who have bought a product of the category 'Books': it is in an order of theirs that
-- is not cancelled. Each customer once.
-- Columns: id, name
SELECT NULL WHERE 0;
