with recursive
roots as (select * from categories where parent_id is null),
below as (select * from categories where parent_id is not null),
tree as (
  select id, 0 as depth, name as path from roots
  union all
  select below.id, depth + 1, concat(path, ' > ', below.name) from below join tree on tree.id = below.parent_id
  order by 2 desc
)
select * from tree;
