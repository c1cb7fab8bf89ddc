-- TODO Q01: Products that cost at least 1000 cents and less than 5000.
-- Columns: id, name, price_cents
-- Ordered by price_cents from high to low; at the same price, id from low to high.
--
-- This placeholder finds nothing. Put your query in its place.
SELECT NULL WHERE 0;
