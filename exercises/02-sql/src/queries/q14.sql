-- TODO Q14: The payments beside the orders with the status 'paid' or 'shipped'. A payment belongs to the
-- order that its order_id names. One row for each such order and payment that belong together, one for each
-- such order without a payment, and one for each payment that belongs to no such order; what is missing is
-- NULL.
-- Columns: order id, payment id, amount_cents
SELECT NULL WHERE 0;
