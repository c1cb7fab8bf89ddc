WITH RECURSIVE tree (id, depth, path) AS (
  SELECT id, 0, name
  FROM categories
  WHERE parent_id IS NULL
  UNION ALL
  SELECT c.id, t.depth + 1, t.path || ' > ' || c.name
  FROM tree t
  JOIN categories c ON c.parent_id = t.id
)
SELECT id, depth, path FROM tree;
