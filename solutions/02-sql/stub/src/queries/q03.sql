-- TODO Q03: Every item of every order with the status 'paid', and what it cost: quantity times
-- unit_price_cents.
-- Columns: order id, name of the customer, name of the product, quantity, cost in cents
SELECT NULL WHERE 0;
