-- The core ends before this file.
-- TODO R2: the sum of the orders of every customer, 0 without orders.
-- Columns: name, total_cents
--
-- This placeholder finds nothing. Put your query in its place.
SELECT NULL WHERE 0;
