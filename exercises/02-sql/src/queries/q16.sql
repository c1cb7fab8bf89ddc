-- TODO Q16: Every category with its depth and its path. Without a parent the depth is 0 and the path is the
-- name. Below a parent the depth is one more, and the path is the path of the parent, then ' > ', then the
-- name.
-- Columns: category id, depth, path
SELECT NULL WHERE 0;
