with people (id, name) as (select id, name from customers)
select customers.id, customers.name, people.id, people.name from customers inner join people on referred_by = people.id;
