with counted as (
  select customers.id, customers.name, count(friend.id) over (partition by customers.id) as friends
  from customers left join customers as friend on friend.referred_by = customers.id
)
select id, name from counted where friends = 0;
