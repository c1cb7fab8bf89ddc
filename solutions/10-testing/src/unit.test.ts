import { describe, expect, test } from 'vitest';
import { priceCart } from './subject.ts';
import type { Cart, Coupon, Rules } from './subject.ts';

const NOW = Date.UTC(2026, 2, 1);
const HOUR = 3_600_000;

/** One book for 20.00 unless a test says otherwise. A test names only what it is about. */
function aCart(changes: Partial<Cart> = {}): Cart {
  return { currency: 'EUR', lines: [{ sku: 'book', unitPrice: 2_000, quantity: 1 }], codes: [], ...changes };
}

function theRules(...coupons: Coupon[]): Rules {
  return { currency: 'EUR', shippingFee: 490, freeShippingFrom: 5_000, coupons };
}

function aCoupon(changes: Partial<Coupon> = {}): Coupon {
  const always = { startsAt: NOW - HOUR, endsAt: NOW + HOUR };
  return { code: 'TEN', kind: 'percent', value: 10, minimum: 0, ...always, ...changes };
}

const costing = (unitPrice: number, codes: string[] = []): Cart =>
  aCart({ lines: [{ sku: 'book', unitPrice, quantity: 1 }], codes });

describe('the price of a cart', () => {
  test('adds up its lines and the shipping fee', () => {
    const lines = [
      { sku: 'book', unitPrice: 1_250, quantity: 2 },
      { sku: 'pen', unitPrice: 99, quantity: 3 },
    ];
    expect(priceCart(aCart({ lines }), theRules(), NOW)).toEqual({
      currency: 'EUR',
      subtotal: 2_797,
      discount: 0,
      shipping: 490,
      total: 3_287,
      applied: [],
    });
  });

  test('is nothing for a cart without lines, whatever the codes say', () => {
    const rules = theRules(aCoupon({ kind: 'amount', value: 500 }));
    const nothing = { currency: 'EUR', subtotal: 0, discount: 0, shipping: 0, total: 0, applied: [] };
    expect(priceCart(aCart({ lines: [], codes: ['TEN'] }), rules, NOW)).toEqual(nothing);
  });

  test.each([0, -1, 1.5])('is refused for a quantity of %d', (quantity) => {
    const lines = [{ sku: 'book', unitPrice: 2_000, quantity }];
    expect(() => priceCart(aCart({ lines }), theRules(), NOW)).toThrow(RangeError);
  });

  test('is refused when the cart and the rules speak of different currencies', () => {
    expect(() => priceCart(aCart({ currency: 'USD' }), theRules(), NOW)).toThrow(RangeError);
  });

  test('leaves the cart and the rules as they were', () => {
    const cart = aCart({
      lines: [
        { sku: 'dear', unitPrice: 3_000, quantity: 1 },
        { sku: 'cheap', unitPrice: 100, quantity: 1 },
      ],
      codes: ['Z', 'A'],
    });
    const rules = theRules(aCoupon({ code: 'Z' }), aCoupon({ code: 'A', value: 5 }));
    const before = structuredClone({ cart, rules });
    priceCart(cart, rules, NOW);
    expect({ cart, rules }).toEqual(before);
  });
});

describe('shipping', () => {
  test.each([
    [4_999, 490],
    [5_000, 0],
  ])('for goods of %d costs %d', (price, shipping) => {
    expect(priceCart(costing(price), theRules(), NOW)).toMatchObject({ shipping, total: price + shipping });
  });

  test('goes by what is left after the discount', () => {
    expect(priceCart(costing(5_500, ['TEN']), theRules(aCoupon()), NOW).shipping).toBe(490);
  });
});

describe('a coupon', () => {
  test.each([
    ['a moment before it starts', -1, false],
    ['when it starts', 0, true],
    ['a moment before it ends', HOUR - 1, true],
    ['when it ends', HOUR, false],
  ])('%s', (_when, after, counts) => {
    const coupon = aCoupon({ startsAt: NOW, endsAt: NOW + HOUR });
    const { applied } = priceCart(aCart({ codes: ['TEN'] }), theRules(coupon), NOW + after);
    expect(applied).toEqual(counts ? ['TEN'] : []);
  });

  test.each([
    [2_000, 200],
    [2_001, 0],
  ])('with a minimum of %d gives %d on a cart of 2000', (minimum, discount) => {
    const rules = theRules(aCoupon({ minimum }));
    expect(priceCart(aCart({ codes: ['TEN'] }), rules, NOW).discount).toBe(discount);
  });

  test.each([
    ['below half a cent is rounded down', 1_004, 100],
    ['of half a cent is rounded up', 1_005, 101],
    ['above half a cent is rounded up', 1_006, 101],
  ])('whose share %s', (_what, price, discount) => {
    expect(priceCart(costing(price, ['TEN']), theRules(aCoupon()), NOW).discount).toBe(discount);
  });

  test('never takes off more than the goods cost', () => {
    const rules = theRules(aCoupon({ kind: 'amount', value: 9_999 }));
    expect(priceCart(aCart({ codes: ['TEN'] }), rules, NOW)).toMatchObject({ discount: 2_000, total: 490 });
  });
});

describe('several coupons', () => {
  const rules = theRules(
    aCoupon({ code: 'TEN', value: 10 }),
    aCoupon({ code: 'TWENTY', value: 20 }),
    aCoupon({ code: 'MINUS', kind: 'amount', value: 150 }),
  );

  test.each([[['TEN', 'TWENTY', 'MINUS']], [['MINUS', 'TWENTY', 'TEN']]])(
    'given as %j: the best percentage, and every amount',
    (codes) => {
      const price = priceCart(aCart({ codes }), rules, NOW);
      expect(price).toMatchObject({ discount: 550, applied: ['MINUS', 'TWENTY'] });
    },
  );
});
