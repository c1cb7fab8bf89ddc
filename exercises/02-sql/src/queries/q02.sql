-- TODO Q02: How many orders were placed in January 2026 (ordered_at, in UTC), and how many of those are
-- cancelled. Always one row.
-- Columns: number of orders, number of cancelled ones
SELECT NULL WHERE 0;
