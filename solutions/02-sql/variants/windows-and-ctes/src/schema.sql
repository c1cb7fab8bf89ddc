PRAGMA foreign_keys = ON;

create table customers (
  id integer not null primary key autoincrement,
  email text not null,
  email_key text generated always as (lower(email)) stored,
  name text not null,
  referred_by integer,
  constraint customers_referrer foreign key (referred_by) references customers (id) on delete set null
) strict;
create unique index customers_email on customers (email_key);

create table products (
  id integer not null primary key,
  name text not null collate nocase,
  price_cents integer not null,
  constraint products_price check (price_cents >= 0)
) strict;

create table categories (
  id integer not null primary key,
  name text not null collate nocase,
  parent_id integer,
  constraint categories_parent foreign key (parent_id) references categories (id)
) strict;

create table product_categories (
  category_id integer not null,
  product_id integer not null,
  constraint product_categories_pair primary key (category_id, product_id),
  constraint product_categories_category foreign key (category_id) references categories (id) on delete cascade,
  constraint product_categories_product foreign key (product_id) references products (id) on delete cascade
) strict, without rowid;

create table orders (
  id integer not null primary key,
  status text not null default 'new',
  customer_id integer not null,
  ordered_at text not null,
  constraint orders_customer foreign key (customer_id) references customers (id) deferrable initially immediate,
  constraint orders_status check (status = 'new' or status = 'paid' or status = 'shipped' or status = 'cancelled'),
  constraint orders_time check (
    ordered_at glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
    and julianday(ordered_at) is not null
    and date(ordered_at) = substr(ordered_at, 1, 10)
    and substr(ordered_at, 12, 2) < '24'
  )
) strict;

create table order_items (
  order_id integer not null,
  product_id integer not null,
  quantity integer not null,
  unit_price_cents integer not null,
  cost_cents integer generated always as (quantity * unit_price_cents) virtual,
  constraint order_items_pair primary key (order_id, product_id),
  constraint order_items_order foreign key (order_id) references orders (id) on delete cascade,
  constraint order_items_product foreign key (product_id) references products (id),
  constraint order_items_quantity check (quantity >= 1),
  constraint order_items_price check (unit_price_cents >= 0)
) strict, without rowid;

create table reviews (
  id integer not null primary key,
  product_id integer not null,
  customer_id integer,
  rating integer not null,
  comment text,
  written_at text not null,
  constraint reviews_product foreign key (product_id) references products (id) on delete cascade,
  constraint reviews_customer foreign key (customer_id) references customers (id) on delete set null,
  constraint reviews_rating check (rating between 1 and 5),
  constraint reviews_time check (
    written_at glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
    and julianday(written_at) is not null
    and date(written_at) = substr(written_at, 1, 10)
    and substr(written_at, 12, 2) < '24'
  )
) strict;

create index orders_customer_status on orders (customer_id, status);
create index order_items_product_order on order_items (product_id, order_id);
create index reviews_product_rating on reviews (product_id, rating);
