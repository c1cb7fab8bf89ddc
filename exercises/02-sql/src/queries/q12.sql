-- TODO Q12: Every customer with at least one order that is not cancelled: how many such orders, and their
-- average total. The total of an order is the sum of quantity times unit_price_cents over its items;
-- without items it is 0.
-- Columns: customer id, number of orders, average total in cents
SELECT NULL WHERE 0;
