-- TODO Q09: Products that cost more than the average of all products, beside that average.
-- Columns: id, name, price_cents, average price in cents
SELECT NULL WHERE 0;
