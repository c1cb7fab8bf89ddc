-- TODO Q19: The twelve months of 2026 (ordered_at, in UTC): the number of orders that are not cancelled,
-- and what they come to: the sum of quantity times unit_price_cents over their items. A month without
-- orders shows 0 and 0.
-- Columns: month as '2026-01' to '2026-12', number of orders, sum in cents
-- Ordered by month.
SELECT NULL WHERE 0;
