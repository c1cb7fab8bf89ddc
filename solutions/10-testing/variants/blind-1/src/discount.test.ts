import { describe, expect, test } from 'vitest';
import { cartOf, coupon, line, NOW, price, rulesOf, withCoupons } from './cart.ts';
import type { Line } from './cart.ts';
import { priceCart } from './subject.ts';
import type { Coupon } from './subject.ts';

describe('6. the discount', () => {
  test.each([
    { subtotal: 1_000, percent: 10, discount: 100 },
    { subtotal: 10, percent: 4, discount: 0 },
    { subtotal: 10, percent: 5, discount: 1 },
    { subtotal: 10, percent: 6, discount: 1 },
    { subtotal: 50, percent: 25, discount: 13 },
    { subtotal: 50, percent: 29, discount: 15 },
    { subtotal: 149, percent: 1, discount: 1 },
    { subtotal: 150, percent: 1, discount: 2 },
    { subtotal: 249, percent: 1, discount: 2 },
    { subtotal: 250, percent: 1, discount: 3 },
    { subtotal: 251, percent: 1, discount: 3 },
    { subtotal: 101, percent: 50, discount: 51 },
    { subtotal: 999, percent: 33, discount: 330 },
    { subtotal: 999, percent: 99, discount: 989 },
    { subtotal: 999, percent: 100, discount: 999 },
    { subtotal: 1, percent: 1, discount: 0 },
  ])('$percent percent of $subtotal are $discount', ({ subtotal, percent, discount }) => {
    expect(withCoupons(subtotal, [coupon('P', 'percent', percent)])).toMatchObject({
      discount,
      applied: ['P'],
    });
  });

  test.each([
    { unitPrice: 50, lines: 3, percent: 25, discount: 38 },
    { unitPrice: 10, lines: 3, percent: 4, discount: 1 },
  ])('$percent percent of $lines lines of $unitPrice are rounded once', ({ unitPrice, lines, percent, discount }) => {
    const cart = cartOf(
      Array.from({ length: lines }, () => line(unitPrice)),
      ['P'],
    );
    expect(price(cart, rulesOf([coupon('P', 'percent', percent)])).discount).toBe(discount);
  });

  test.each(['A', 'Z'])('the percentage is of the subtotal, also beside the amount %s', (code) => {
    const coupons = [coupon(code, 'amount', 400), coupon('P', 'percent', 10)];
    expect(withCoupons(1_000, coupons).discount).toBe(500);
  });

  test('is 0 without a coupon', () => {
    expect(price(cartOf([line(1_000)]), rulesOf())).toMatchObject({ discount: 0, applied: [] });
  });

  test.each<[string, Coupon[], number]>([
    ['an amount that is just enough', [coupon('A', 'amount', 500)], 500],
    ['an amount just below', [coupon('A', 'amount', 499)], 499],
    ['an amount just above', [coupon('A', 'amount', 501)], 500],
    ['an amount far above', [coupon('A', 'amount', 60_000)], 500],
    ['two amounts', [coupon('A', 'amount', 400), coupon('B', 'amount', 400)], 500],
    ['a percentage and an amount', [coupon('A', 'amount', 300), coupon('P', 'percent', 50)], 500],
    ['all percent and an amount', [coupon('A', 'amount', 1), coupon('P', 'percent', 100)], 500],
  ])('never exceeds the subtotal of 500: %s', (_name, coupons, discount) => {
    expect(withCoupons(500, coupons)).toMatchObject({
      discount,
      total: 500 - discount + 490,
      applied: coupons.map(({ code }) => code),
    });
  });
});

describe('7. shipping', () => {
  test.each([
    { subtotal: 1, shipping: 490 },
    { subtotal: 4_999, shipping: 490 },
    { subtotal: 5_000, shipping: 0 },
    { subtotal: 5_001, shipping: 0 },
  ])('free from 5000, for $subtotal: $shipping', ({ subtotal, shipping }) => {
    expect(withCoupons(subtotal, [], { freeShippingFrom: 5_000 })).toMatchObject({
      shipping,
      total: subtotal + shipping,
    });
  });

  test.each([
    { off: 1_001, shipping: 490 },
    { off: 1_000, shipping: 0 },
    { off: 999, shipping: 0 },
  ])('free from 5000, for 6000 less $off: $shipping', ({ off, shipping }) => {
    const got = withCoupons(6_000, [coupon('A', 'amount', off)], { freeShippingFrom: 5_000 });
    expect(got).toMatchObject({ shipping, total: 6_000 - off + shipping });
  });

  test.each([
    { percent: 17, shipping: 490 },
    { percent: 16, shipping: 0 },
  ])('free from 5000, for 6000 less $percent percent: $shipping', ({ percent, shipping }) => {
    const got = withCoupons(6_000, [coupon('P', 'percent', percent)], { freeShippingFrom: 5_000 });
    expect(got.shipping).toBe(shipping);
  });

  test('the fee does not help to reach free shipping', () => {
    expect(withCoupons(4_900, [], { freeShippingFrom: 5_000, shippingFee: 100 }).shipping).toBe(100);
  });

  test('is free from 0 for a cart that costs nothing any more', () => {
    const got = withCoupons(500, [coupon('A', 'amount', 900)], { freeShippingFrom: 0 });
    expect(got).toMatchObject({ discount: 500, shipping: 0, total: 0 });
  });

  test('is not free from 1 for a cart that costs nothing any more', () => {
    const got = withCoupons(500, [coupon('A', 'amount', 900)], { freeShippingFrom: 1 });
    expect(got).toMatchObject({ discount: 500, shipping: 490, total: 490 });
  });

  test.each([0, 1, 795])('costs the fee of %d', (shippingFee) => {
    expect(withCoupons(1_000, [], { shippingFee })).toMatchObject({
      shipping: shippingFee,
      total: 1_000 + shippingFee,
    });
  });
});

describe('8. total and applied', () => {
  test('a whole price', () => {
    const rules = rulesOf([coupon('TEN', 'percent', 10), coupon('FIVE', 'amount', 500)], {
      freeShippingFrom: 5_000,
    });
    expect(price(cartOf([line(1_995, 2), line(333)], ['TEN', 'FIVE']), rules)).toEqual({
      currency: 'EUR',
      subtotal: 4_323,
      discount: 932,
      shipping: 490,
      total: 3_881,
      applied: ['FIVE', 'TEN'],
    });
  });

  test.each([
    { codes: ['B', 'A'], applied: ['A', 'B'] },
    { codes: ['C', 'A', 'B'], applied: ['A', 'B', 'C'] },
    { codes: ['SUMMER', 'AUTUMN', 'WINTER', 'SPRING'], applied: ['AUTUMN', 'SPRING', 'SUMMER', 'WINTER'] },
  ])('$codes are applied as $applied', ({ codes, applied }) => {
    const coupons = codes.map((code, i) => coupon(code, 'amount', 10 + i));
    expect(withCoupons(1_000, coupons).applied).toEqual(applied);
  });

  test('a percentage stands among the amounts by its name', () => {
    const coupons = [coupon('C', 'amount', 1), coupon('B', 'percent', 1), coupon('A', 'amount', 1)];
    expect(withCoupons(1_000, coupons).applied).toEqual(['A', 'B', 'C']);
  });
});

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

function inOrder<T>(list: T[], order: number[]): T[] {
  return order.flatMap((i) => list.slice(i, i + 1));
}

describe.each(ORDERS)('9. the order changes nothing: %d, %d, %d', (...order) => {
  const lines = [line(1_995, 2), line(333), line(50, 7)];
  const codes = ['MID', 'ZERO', 'ALL'];
  const coupons = [
    coupon('ZERO', 'amount', 500, { minimum: 4_673 }),
    coupon('ALL', 'percent', 10),
    coupon('MID', 'percent', 25, { minimum: 4_600 }),
  ];
  const expected = {
    currency: 'EUR',
    subtotal: 4_673,
    discount: 1_668,
    shipping: 490,
    total: 3_495,
    applied: ['MID', 'ZERO'],
  };

  test('of the lines', () => {
    expect(price(cartOf(inOrder(lines, order), codes), rulesOf(coupons))).toEqual(expected);
  });

  test('of the codes', () => {
    expect(price(cartOf(lines, inOrder(codes, order)), rulesOf(coupons))).toEqual(expected);
  });

  test('of the coupons', () => {
    expect(price(cartOf(lines, codes), rulesOf(inOrder(coupons, order)))).toEqual(expected);
  });
});

describe('10. the arguments are not changed', () => {
  const lines = [line(300), line(100, 2), line(200)];
  const coupons = [
    coupon('P', 'percent', 10),
    coupon('B', 'amount', 50),
    coupon('OLD', 'amount', 5, { endsAt: 1 }),
    coupon('A', 'amount', 20),
    coupon('Q', 'percent', 20),
  ];

  test.each<[string, Line[], string[]]>([
    ['with coupons', lines, ['Q', 'NOSUCH', 'B', 'P', 'A', 'B', 'OLD']],
    ['without codes', lines, []],
    ['without lines', [], ['Q', 'A']],
  ])('%s', (_name, some, codes) => {
    const cart = structuredClone(cartOf(some, codes));
    const rules = structuredClone(rulesOf(coupons));
    const before = structuredClone({ cart, rules });
    priceCart(cart, rules, NOW);
    expect({ cart, rules }).toEqual(before);
  });

  test('so a second call gives the same price', () => {
    const cart = structuredClone(cartOf(lines, ['Q', 'B']));
    const rules = structuredClone(rulesOf(coupons));
    const first = priceCart(cart, rules, NOW);
    expect(priceCart(cart, rules, NOW)).toEqual(first);
  });
});
