-- TODO Q05: Products that are in no order. A cancelled order is an order too.
-- Columns: id, name
SELECT NULL WHERE 0;
