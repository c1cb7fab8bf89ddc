-- TODO Q11: Customers who have referred nobody.
-- Columns: id, name
SELECT NULL WHERE 0;
