import type { Cart, Coupon, Price, Rules } from '../subject.js';

/** The contract of priceCart once more, as slow and plain as it can be: whole numbers without limit, and lists. */
export function modelOf(cart: Cart, rules: Rules, now: number): Price {
  const sum = (numbers: bigint[]): bigint => numbers.reduce((all, each) => all + each, 0n);
  const subtotal = sum(cart.lines.map((line) => BigInt(line.unitPrice) * BigInt(line.quantity)));
  const { currency } = cart;
  if (cart.lines.length === 0)
    return { currency, subtotal: 0, discount: 0, shipping: 0, total: 0, applied: [] };
  const counting = rules.coupons
    .filter(({ code }) => cart.codes.includes(code))
    .filter(({ minimum }) => subtotal >= BigInt(minimum))
    .filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt);
  const amounts = counting.filter(({ kind }) => kind === 'amount');
  const percents = counting.filter(({ kind }) => kind === 'percent').sort((a, b) => b.value - a.value);
  const used = [...amounts, ...percents.slice(0, 1)];
  const worth = ({ kind, value }: Coupon): bigint =>
    kind === 'amount' ? BigInt(value) : (subtotal * BigInt(value) * 2n + 100n) / 200n;
  const wanted = sum(used.map(worth));
  const discount = wanted > subtotal ? subtotal : wanted;
  const shipping = subtotal - discount >= BigInt(rules.freeShippingFrom) ? 0n : BigInt(rules.shippingFee);
  return {
    currency,
    subtotal: Number(subtotal),
    discount: Number(discount),
    shipping: Number(shipping),
    total: Number(subtotal - discount + shipping),
    applied: used.map(({ code }) => code).sort(),
  };
}
