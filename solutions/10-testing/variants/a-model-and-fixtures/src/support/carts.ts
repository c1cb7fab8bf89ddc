import type { Cart, Coupon, Rules } from '../subject.js';
import { randomFrom } from './random.js';

export type Given = { cart: Cart; rules: Rules; now: number };

const NOW = 5_000;

/** A cart, rules and a moment; small numbers, so that limits are met often. No two percentages are equal. */
export function generated(seed: number): Given {
  const pick = randomFrom(seed);
  const shuffled = <T>(list: T[]): T[] =>
    list
      .map((item) => ({ item, at: pick(0, 1e6) }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  const lines = Array.from({ length: pick(0, 4) }, (_, index) => ({
    sku: `sku${pick(0, 9)}-${index}`,
    unitPrice: pick(0, 40) * pick(1, 41),
    quantity: pick(1, 4),
  }));
  const subtotal = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  const near = (value: number): number => Math.max(0, value + pick(-1, 1));
  const percents = shuffled(Array.from({ length: 100 }, (_, index) => index + 1));
  const coupons = Array.from({ length: pick(0, 6) }, (_, index): Coupon => {
    const isPercent = pick(0, 1) === 0;
    return {
      code: `${'ZKMAQX'[index]}${pick(10, 99)}`,
      kind: isPercent ? 'percent' : 'amount',
      value: isPercent ? (percents[index] ?? 1) : pick(1, 300),
      minimum: pick(0, 2) === 0 ? near(subtotal) : 0,
      startsAt: pick(0, 3) === 0 ? near(NOW) : 0,
      endsAt: pick(0, 3) === 0 ? near(NOW) : 2 * NOW,
    };
  });
  const codes = shuffled(coupons.map(({ code }) => code).filter(() => pick(0, 3) > 0)).concat('NOBODYS');
  const rules = { currency: 'JPY', shippingFee: pick(1, 900), freeShippingFrom: near(subtotal), coupons };
  return { cart: { currency: 'JPY', lines, codes }, rules, now: NOW };
}
