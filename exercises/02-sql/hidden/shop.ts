// canary 53e46d4ca3b25d7cc9122c81
/** A time in the one form that the contract knows: 24 characters, UTC. */
export type Instant = string;

export type Customer = { id: number; email: string; name: string; referred_by: number | null };
export type Category = { id: number; name: string; parent_id: number | null };
export type Product = { id: number; name: string; price_cents: number };
export type ProductCategory = { product_id: number; category_id: number };
export type Order = { id: number; customer_id: number; status: string; ordered_at: Instant };
export type OrderItem = { order_id: number; product_id: number; quantity: number; unit_price_cents: number };
export type Review = {
  id: number;
  product_id: number;
  customer_id: number | null;
  rating: number;
  comment: string | null;
  written_at: Instant;
};
export type Payment = { id: number; order_id: number | null; amount_cents: number; received_at: Instant };

/** All rows of a shop, keyed by table. The columns have the names that the contract gives them. */
export type Shop = {
  customers: Customer[];
  categories: Category[];
  products: Product[];
  product_categories: ProductCategory[];
  orders: Order[];
  order_items: OrderItem[];
  reviews: Review[];
  payments: Payment[];
};

export type TableName = keyof Shop;

/** Tables in an order in which rows can be inserted: what is pointed at comes first. */
export const TABLES: readonly TableName[] = [
  'customers',
  'categories',
  'products',
  'product_categories',
  'orders',
  'order_items',
  'reviews',
  'payments',
];

/** A shop with these rows, and no others. */
export function shop(rows: Partial<Shop> = {}): Shop {
  const empty: Shop = {
    customers: [],
    categories: [],
    products: [],
    product_categories: [],
    orders: [],
    order_items: [],
    reviews: [],
    payments: [],
  };
  return { ...empty, ...rows };
}

const SOME_DAY: Instant = '2026-04-15T12:00:00.000Z';

export function customer(id: number, name: string, referred_by: number | null = null): Customer {
  return { id, email: `c${id}@example.com`, name, referred_by };
}

export function category(id: number, name: string, parent_id: number | null = null): Category {
  return { id, name, parent_id };
}

export function product(id: number, name: string, price_cents = 1500): Product {
  return { id, name, price_cents };
}

/** The product is in each of these categories. */
export function filed(product_id: number, ...category_ids: number[]): ProductCategory[] {
  return category_ids.map((category_id) => ({ product_id, category_id }));
}

export function order(
  id: number,
  customer_id: number,
  status = 'paid',
  ordered_at: Instant = SOME_DAY,
): Order {
  return { id, customer_id, status, ordered_at };
}

export function item(order_id: number, product_id: number, quantity = 1, unit_price_cents = 1500): OrderItem {
  return { order_id, product_id, quantity, unit_price_cents };
}

export function review(
  id: number,
  product_id: number,
  customer_id: number | null = null,
  rating = 4,
): Review {
  return { id, product_id, customer_id, rating, comment: null, written_at: SOME_DAY };
}

export function payment(
  id: number,
  order_id: number | null,
  amount_cents = 1500,
  received_at: Instant = SOME_DAY,
): Payment {
  return { id, order_id, amount_cents, received_at };
}

/** The tables of the query checks, as the README prints them. */
export const QUERY_TABLES = `
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, referred_by INTEGER);
CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent_id INTEGER);
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price_cents INTEGER NOT NULL);
CREATE TABLE product_categories (product_id INTEGER NOT NULL, category_id INTEGER NOT NULL);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, status TEXT NOT NULL, ordered_at TEXT NOT NULL
);
CREATE TABLE order_items (
  order_id INTEGER NOT NULL, product_id INTEGER NOT NULL, quantity INTEGER NOT NULL, unit_price_cents INTEGER NOT NULL
);
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, customer_id INTEGER, rating INTEGER NOT NULL, comment TEXT,
  written_at TEXT NOT NULL
);
CREATE TABLE payments (
  id INTEGER PRIMARY KEY, order_id INTEGER, amount_cents INTEGER NOT NULL, received_at TEXT NOT NULL
);
CREATE TABLE product_views (
  product_id INTEGER PRIMARY KEY, views INTEGER NOT NULL, pinned INTEGER NOT NULL DEFAULT 0
);
`;

export type Value = string | number | null;

/** A value as SQL writes it. */
export function literal(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return 'NULL';
}

/** Values in brackets, as SQL writes a row. */
export function tuple(values: readonly unknown[]): string {
  return `(${values.map(literal).join(', ')})`;
}

/** One INSERT for each table that has rows, so that rows of one table may point at each other. */
export function inserts(rows: Shop, tables: readonly TableName[] = TABLES): string[] {
  return tables.flatMap((table) => {
    const [first] = rows[table];
    if (first === undefined) return [];
    const columns = Object.keys(first);
    const tuples = rows[table].map((row) => tuple(Object.values(row)));
    return [`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples.join(', ')}`];
  });
}

/** The tables and columns that matter to a question. */
export type About = Partial<Record<TableName, readonly string[]>>;

/** What was asked and the rows it was asked of: a line for each table that matters. `index`: one that was there too. */
export function describe(asked: string, rows: Shop, about: About, index?: string): string {
  const tables = Object.entries(about) as [TableName, readonly string[]][];
  if (tables.every(([table]) => rows[table].length === 0)) return `${asked}, all tables empty`;
  const lines = tables.map(([table, columns]) => {
    const all = rows[table].map((row) => tuple(columns.map((column) => Reflect.get(row, column))));
    const shown = all.length <= 9 ? all : [...all.slice(0, 8), `and ${all.length - 8} more`];
    return `  ${table} (${columns.join(', ')}): ${shown.length === 0 ? 'no rows' : shown.join(', ')}`;
  });
  return [`${asked}, on these rows:`, ...lines, ...(index === undefined ? [] : [`  and ${index}`])].join(
    '\n',
  );
}

/** The shop without one row, and without what cannot be there without it. */
export function without(rows: Shop, table: TableName, index: number): Shop {
  const gone = rows[table][index] as { id: number };
  const left: Shop = { ...rows, [table]: rows[table].filter((_, at) => at !== index) };
  const not = (column: string) => (row: object) => (row as Record<string, unknown>)[column] !== gone.id;
  const orNull = (id: number | null) => (id === gone.id ? null : id);
  switch (table) {
    case 'customers': {
      left.customers = left.customers.map((row) => ({ ...row, referred_by: orNull(row.referred_by) }));
      left.reviews = left.reviews.map((row) => ({ ...row, customer_id: orNull(row.customer_id) }));
      left.orders = left.orders.filter(not('customer_id'));
      const ids = new Set(left.orders.map(({ id }) => id));
      left.order_items = left.order_items.filter((row) => ids.has(row.order_id));
      return left;
    }
    case 'categories':
      left.categories = left.categories.map((row) => ({ ...row, parent_id: orNull(row.parent_id) }));
      left.product_categories = left.product_categories.filter(not('category_id'));
      return left;
    case 'products':
      left.product_categories = left.product_categories.filter(not('product_id'));
      left.order_items = left.order_items.filter(not('product_id'));
      left.reviews = left.reviews.filter(not('product_id'));
      return left;
    case 'orders':
      left.order_items = left.order_items.filter(not('order_id'));
      return left;
    case 'product_categories':
    case 'order_items':
    case 'reviews':
    case 'payments':
      return left;
  }
}

/** The row with this id. The contract promises that references lead somewhere. */
export function byId<T extends { id: number }>(rows: readonly T[], id: number): T {
  const row = rows.find((each) => each.id === id);
  if (row === undefined) throw new Error(`a shop without the row ${id}`);
  return row;
}

/** Whether the product is in the category of that name, directly. */
export function isIn({ categories, product_categories }: Shop, productId: number, name: string): boolean {
  return product_categories.some(
    (row) => row.product_id === productId && byId(categories, row.category_id).name === name,
  );
}

export function cost({ quantity, unit_price_cents }: OrderItem): number {
  return quantity * unit_price_cents;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

/** For sorting text as SQLite compares it. Instants of the one form sort by time this way. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
