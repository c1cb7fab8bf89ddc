import { describe, expect, test } from 'vitest';
import { cartOf, coupon, line, NOW, price, rulesOf, withCoupons } from './cart.ts';
import { priceCart } from './subject.ts';
import type { Coupon } from './subject.ts';

describe('1. it throws a RangeError', () => {
  const bad = [0, -1, -3, 0.5, 1.5, 2.000001, NaN, Infinity];

  test.each(bad)('when the only line has the quantity %d', (quantity) => {
    expect(() => priceCart(cartOf([line(100, quantity)]), rulesOf(), NOW)).toThrow(RangeError);
  });

  test.each(bad)('when the last of three lines has the quantity %d', (quantity) => {
    const lines = [line(100, 2), line(200), line(300, quantity)];
    expect(() => priceCart(cartOf(lines), rulesOf(), NOW)).toThrow(RangeError);
  });

  test('when two half quantities make a whole one', () => {
    expect(() => priceCart(cartOf([line(100, 0.5), line(100, 1.5)]), rulesOf(), NOW)).toThrow(RangeError);
  });

  test('when a line that costs nothing has the quantity 0', () => {
    expect(() => priceCart(cartOf([line(100), line(0, 0)]), rulesOf(), NOW)).toThrow(RangeError);
  });

  test.each([
    ['EUR', 'USD'],
    ['USD', 'EUR'],
    ['CHF', 'JPY'],
  ])('when the cart is in %s and the rules in %s', (ofCart, ofRules) => {
    const cart = cartOf([line(100)], [], ofCart);
    expect(() => priceCart(cart, rulesOf([], { currency: ofRules }), NOW)).toThrow(RangeError);
  });

  test.each([1, 2, 1_000])('but not for the quantity %d', (quantity) => {
    expect(price(cartOf([line(100, quantity)]), rulesOf()).subtotal).toBe(100 * quantity);
  });
});

describe('2. subtotal and currency', () => {
  test.each([
    { lines: [[100, 1]], subtotal: 100 },
    { lines: [[100, 3]], subtotal: 300 },
    { lines: [[0, 3]], subtotal: 0 },
    {
      lines: [
        [199, 2],
        [250, 1],
      ],
      subtotal: 648,
    },
    {
      lines: [
        [1, 7],
        [10, 11],
        [1_999, 13],
      ],
      subtotal: 26_104,
    },
    {
      lines: [
        [500, 1],
        [500, 1],
      ],
      subtotal: 1_000,
    },
  ])('$lines make $subtotal', ({ lines, subtotal }) => {
    const made = lines.map(([unitPrice = 0, quantity = 0]) => line(unitPrice, quantity));
    expect(price(cartOf(made), rulesOf()).subtotal).toBe(subtotal);
  });

  test('two lines of the same sku are both counted', () => {
    const same = { sku: 'mug', unitPrice: 300, quantity: 1 };
    expect(price(cartOf([{ ...same }, { ...same, quantity: 2 }]), rulesOf()).subtotal).toBe(900);
  });

  test('a discount leaves the subtotal as it is', () => {
    expect(withCoupons(1_000, [coupon('A', 'amount', 300)]).subtotal).toBe(1_000);
  });

  test.each(['EUR', 'USD', 'CHF'])('the currency of a cart in %s', (currency) => {
    expect(price(cartOf([line(100)], [], currency), rulesOf([], { currency })).currency).toBe(currency);
  });
});

describe('3. a cart without lines costs nothing', () => {
  const nothing = { currency: 'EUR', subtotal: 0, discount: 0, shipping: 0, total: 0, applied: [] };

  test.each<[string, Coupon[]]>([
    ['without coupons', []],
    ['with an amount', [coupon('A', 'amount', 300)]],
    ['with a percentage', [coupon('P', 'percent', 20)]],
    ['with both', [coupon('A', 'amount', 300), coupon('P', 'percent', 100)]],
  ])('%s', (_name, coupons) => {
    expect(
      price(
        cartOf(
          [],
          coupons.map(({ code }) => code),
        ),
        rulesOf(coupons),
      ),
    ).toEqual(nothing);
  });

  test('in another currency', () => {
    expect(price(cartOf([], [], 'USD'), rulesOf([], { currency: 'USD' }))).toEqual({
      ...nothing,
      currency: 'USD',
    });
  });
});

describe.each(['percent', 'amount'] as const)('4. a coupon with %s counts', (kind) => {
  const limits = { minimum: 1_000, startsAt: 2_000, endsAt: 3_000 };

  test.each([
    { now: 0, counts: false },
    { now: 1_999, counts: false },
    { now: 2_000, counts: true },
    { now: 2_001, counts: true },
    { now: 2_999, counts: true },
    { now: 3_000, counts: false },
    { now: 3_001, counts: false },
    { now: 4_102_444_800_000, counts: false },
  ])('from 2000 and before 3000, at $now: $counts', ({ now, counts }) => {
    const got = price(cartOf([line(1_000)], ['C']), rulesOf([coupon('C', kind, 10, limits)]), now);
    expect(got.applied).toEqual(counts ? ['C'] : []);
    expect(got.discount > 0).toBe(counts);
  });

  test('in the far future, by the time that was passed', () => {
    const future = { startsAt: 4_102_444_800_000, endsAt: 4_102_444_800_002 };
    const rules = rulesOf([coupon('C', kind, 10, future)]);
    expect(price(cartOf([line(1_000)], ['C']), rules, 4_102_444_800_001).applied).toEqual(['C']);
  });

  test.each([
    { subtotal: 1, counts: false },
    { subtotal: 999, counts: false },
    { subtotal: 1_000, counts: true },
    { subtotal: 1_001, counts: true },
  ])('with a minimum of 1000, at $subtotal: $counts', ({ subtotal, counts }) => {
    const got = price(cartOf([line(subtotal)], ['C']), rulesOf([coupon('C', kind, 10, limits)]), 2_500);
    expect(got.applied).toEqual(counts ? ['C'] : []);
    expect(got.discount > 0).toBe(counts);
  });

  test('when several lines reach the minimum together', () => {
    const rules = rulesOf([coupon('C', kind, 10, limits)]);
    expect(price(cartOf([line(500), line(250, 2)], ['C']), rules, 2_500).applied).toEqual(['C']);
  });

  test.each<[string, string[], boolean]>([
    ['nothing was typed', [], false],
    ['another code was typed', ['D'], false],
    ['it was typed', ['C'], true],
    ['it was typed after an unknown one', ['NOSUCH', 'C'], true],
    ['it was typed before an unknown one', ['C', 'NOSUCH'], true],
  ])('when %s: %s', (_name, codes, counts) => {
    const got = price(cartOf([line(1_000)], codes), rulesOf([coupon('C', kind, 10)]));
    expect(got.applied).toEqual(counts ? ['C'] : []);
    expect(got.discount > 0).toBe(counts);
  });

  test('once when it was typed twice', () => {
    const once = price(cartOf([line(1_000)], ['C']), rulesOf([coupon('C', kind, 10)]));
    expect(price(cartOf([line(1_000)], ['C', 'C']), rulesOf([coupon('C', kind, 10)]))).toEqual(once);
  });

  test('by the subtotal, when another coupon brings the price below the minimum', () => {
    const coupons = [coupon('B', 'amount', 500), coupon('C', kind, 10, { minimum: 1_000 })];
    expect(withCoupons(1_000, coupons).applied).toEqual(['B', 'C']);
  });
});

describe('5. which coupons are used', () => {
  test.each([
    { values: [10, 20], discount: 200, applied: ['P1'] },
    { values: [20, 10], discount: 200, applied: ['P0'] },
    { values: [10, 30, 20], discount: 300, applied: ['P1'] },
    { values: [9, 10], discount: 100, applied: ['P1'] },
    { values: [99, 100], discount: 1_000, applied: ['P1'] },
  ])('of the percentages $values only the highest', ({ values, discount, applied }) => {
    const coupons = values.map((value, i) => coupon(`P${i}`, 'percent', value));
    expect(withCoupons(1_000, coupons)).toMatchObject({ discount, applied });
  });

  test.each<[string, Partial<Coupon>]>([
    ['is over', { endsAt: NOW }],
    ['has not begun', { startsAt: NOW + 1 }],
    ['wants a larger cart', { minimum: 1_001 }],
  ])('a higher percentage that %s leaves the lower one in use', (_name, more) => {
    const coupons = [coupon('HIGH', 'percent', 50, more), coupon('LOW', 'percent', 10)];
    expect(withCoupons(1_000, coupons)).toMatchObject({ discount: 100, applied: ['LOW'] });
  });

  test('a higher percentage that nobody typed leaves the lower one in use', () => {
    const rules = rulesOf([coupon('HIGH', 'percent', 50), coupon('LOW', 'percent', 10)]);
    expect(price(cartOf([line(1_000)], ['LOW']), rules)).toMatchObject({ discount: 100, applied: ['LOW'] });
  });

  test.each([
    { values: [100, 200], discount: 300, applied: ['A0', 'A1'] },
    { values: [200, 200], discount: 400, applied: ['A0', 'A1'] },
    { values: [1, 20, 300], discount: 321, applied: ['A0', 'A1', 'A2'] },
  ])('of the amounts $values all', ({ values, discount, applied }) => {
    const coupons = values.map((value, i) => coupon(`A${i}`, 'amount', value));
    expect(withCoupons(1_000, coupons)).toMatchObject({ discount, applied });
  });

  test('one percentage and all amounts', () => {
    const coupons = [
      coupon('A', 'amount', 50),
      coupon('B', 'amount', 5),
      coupon('P', 'percent', 10),
      coupon('Q', 'percent', 20),
    ];
    expect(withCoupons(1_000, coupons)).toMatchObject({ discount: 255, applied: ['A', 'B', 'Q'] });
  });

  test('a percentage is higher than an amount of less money only among percentages', () => {
    const coupons = [coupon('A', 'amount', 900), coupon('P', 'percent', 1)];
    expect(withCoupons(1_000, coupons)).toMatchObject({ discount: 910, applied: ['A', 'P'] });
  });
});

