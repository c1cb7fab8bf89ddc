-- TODO Q17: For every category its most expensive products: those for which fewer than three products of
-- the same category cost more.
-- Columns: category id, product id, price_cents
SELECT NULL WHERE 0;
