-- TODO Q18: Every payment with the running total: its amount and the amounts of all payments before it.
-- Before means: earlier, or at the same instant with a lower id.
-- Columns: id, received_at, amount_cents, running total in cents
-- Ordered by received_at, then id.
SELECT NULL WHERE 0;
