-- TODO Q15: Every customer who has orders, with the latest of them by ordered_at, whatever its status. Of
-- several at the same instant, the one with the highest id.
-- Columns: customer id, order id, status
SELECT NULL WHERE 0;
