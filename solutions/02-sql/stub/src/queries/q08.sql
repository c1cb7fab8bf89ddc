-- TODO Q08: Products with at least two reviews: how many reviews, and how many pieces of the product all
-- orders hold together, whatever their status. In no order is 0 pieces.
-- Columns: product id, number of reviews, pieces
SELECT NULL WHERE 0;
