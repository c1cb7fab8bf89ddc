// canary f82d53431b316a135996f7fa
import { Shop } from './shop.ts';
import type { Surroundings } from './shop.ts';
import { Till } from './till.ts';
import { Money } from './money.ts';

export function createApp(surroundings: Surroundings) {
  return new Shop(surroundings).server();
}

export function startProgram(
  { ADMIN_TOKEN: adminToken = '' }: { ADMIN_TOKEN?: string },
  surroundings: Omit<Surroundings, 'adminToken'>,
) {
  if (adminToken.length === 0) throw new TypeError('no ADMIN_TOKEN in the environment');
  return new Shop({ ...surroundings, adminToken }).server();
}

export function priceCart(
  cart: ConstructorParameters<typeof Till>[0],
  rules: ConstructorParameters<typeof Till>[1],
  now: number,
) {
  return new Till(cart, rules, now).receipt();
}

export function parseMoney(text: string): number {
  return Money.parse(text).cents;
}
