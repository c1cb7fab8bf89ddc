-- TODO R1: the name of every customer, from A to Z.
-- Columns: name
--
-- This placeholder finds nothing. Put your query in its place.
SELECT NULL WHERE 0;
