-- From each category upwards: the names are put in front, one level at a time. The root is where the climb ends.
WITH RECURSIVE climb AS (
  SELECT id AS start, parent_id, 0 AS steps, name AS path FROM categories
  UNION
  SELECT
    start,
    (SELECT above.parent_id FROM categories above WHERE above.id = climb.parent_id),
    steps + 1,
    (SELECT above.name FROM categories above WHERE above.id = climb.parent_id) || ' > ' || path
  FROM climb
  WHERE parent_id IS NOT NULL
)
SELECT start, steps, path FROM climb WHERE parent_id IS NULL
