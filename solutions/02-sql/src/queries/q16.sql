-- Starts with the roots and adds a level at a time, until a level is empty.
WITH RECURSIVE tree (id, depth, path) AS (
  SELECT id, 0, name FROM categories WHERE parent_id IS NULL
  UNION ALL
  SELECT categories.id, tree.depth + 1, tree.path || ' > ' || categories.name
  FROM tree
  JOIN categories ON categories.parent_id = tree.id
)
SELECT id, depth, path FROM tree;
