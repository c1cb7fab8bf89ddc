-- TODO Q04: Every customer with the number of their orders that are not cancelled. Nobody is left out: no
-- such order is 0.
-- Columns: customer id, name, number of orders
SELECT NULL WHERE 0;
