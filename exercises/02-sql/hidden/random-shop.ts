// canary 33ea0444c855eabb3d11282f
import type { Random } from '#suite';
import { shop } from './shop.ts';
import type { Category, Instant, Shop } from './shop.ts';

const NAMES = ['Ada', 'Bruno', 'Chen', 'Dora', "O'Neil", 'Zoë'];
const GOODS = ['Atlas', 'Globe', 'Notebook', 'Pen', 'Tea'];
const SHELVES = ['Books', 'Gifts', 'Novels', 'Travel', 'Garden', 'Games', 'Crime'];
const PRICES = [0, 999, 1000, 1000, 2500, 2500, 4999, 5000, 7250];
const STATUSES = ['new', 'paid', 'paid', 'shipped', 'cancelled'];

/** Instants on both sides of every border that a question draws. */
const BORDERS: readonly Instant[] = [
  '2025-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00.000Z',
  '2026-01-31T23:59:59.500Z',
  '2026-02-01T00:00:00.000Z',
  '2026-02-28T23:59:59.999Z',
  '2026-12-31T23:59:59.500Z',
  '2027-01-01T00:00:00.000Z',
];

/**
 * A shop with everything that a query has to live with: ties, NULLs, names that occur twice, orders without items, ids
 * with gaps that are not in order of time. `size`: about how many rows a table has. It keeps what the contract promises.
 */
export function randomShop(random: Random, size: number): Shop {
  const times = [...BORDERS, ...Array.from({ length: 3 }, () => instant(random))];
  const ids = (count: number): number[] => random.shuffle(range(count * 2)).slice(0, count);
  const orNull = <T>(items: readonly T[]): T | null =>
    items.length === 0 || random.next() < 0.3 ? null : random.pick(items);

  const customerIds = ids(size);
  const customers = customerIds.map((id, at) => ({
    id,
    email: `${random.word(5)}${id}@example.com`,
    name: random.pick(NAMES),
    referred_by: orNull(customerIds.slice(0, at)),
  }));

  const categories: Category[] = [];
  const names = random.shuffle(SHELVES).slice(0, Math.max(2, size - 1));
  for (const [at, id] of ids(names.length).entries()) {
    const above = orNull(categories.map((row) => row.id));
    categories.push({ id, name: names[at] as string, parent_id: above });
  }

  const products = ids(size).map((id) => ({
    id,
    name: random.pick(GOODS),
    price_cents: random.pick(PRICES),
  }));
  const productIds = products.map(({ id }) => id);
  const product_categories = products.flatMap(({ id }) =>
    random
      .shuffle(categories)
      .slice(0, random.integer(0, 3))
      .map((row) => ({ product_id: id, category_id: row.id })),
  );

  const orders = ids(size * 2).map((id) => ({
    id,
    customer_id: random.pick(customerIds),
    status: random.pick(STATUSES),
    ordered_at: random.pick(times),
  }));
  const order_items = orders.flatMap(({ id }) =>
    random
      .shuffle(productIds)
      .slice(0, random.integer(0, 3))
      .map((product_id) => ({
        order_id: id,
        product_id,
        quantity: random.integer(1, 4),
        unit_price_cents: random.pick(PRICES),
      })),
  );

  const reviews = ids(size + 2).map((id) => ({
    id,
    product_id: random.pick(productIds),
    customer_id: orNull(customerIds),
    rating: random.integer(1, 5),
    comment: orNull(['Good.', "It's fine"]),
    written_at: random.pick(times),
  }));
  const payments = ids(size + 2).map((id) => ({
    id,
    order_id: orNull([...orders.map((row) => row.id), 900 + id]),
    amount_cents: random.pick([...PRICES, -1000]),
    received_at: random.pick(times),
  }));
  return shop({
    customers: random.shuffle(customers),
    categories: random.shuffle(categories),
    products,
    product_categories: random.shuffle(product_categories),
    orders,
    order_items: random.shuffle(order_items),
    reviews,
    payments,
  });
}

function instant(random: Random): Instant {
  return new Date(
    Date.UTC(2025, 10, 1) + random.integer(0, 480) * 86_400_000 + random.integer(0, 86_399_999),
  ).toISOString();
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}
