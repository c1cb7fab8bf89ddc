-- TODO Q06: Every customer who was referred, beside the customer who referred them.
-- Columns: customer id, name, id of the one who referred them, name of the one who referred them
SELECT NULL WHERE 0;
