import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { priceCart } from './subject.ts';
import type { Cart, Coupon, Price, Rules } from './subject.ts';

const NOW = Date.UTC(2001, 8, 9, 1, 46, 40);
const DAY = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

const coupon = (code: string, kind: Coupon['kind'], value: number, rest: Partial<Coupon> = {}): Coupon => ({
  code,
  kind,
  value,
  minimum: 0,
  startsAt: NOW - DAY,
  endsAt: NOW + DAY,
  ...rest,
});

/** Every coupon is typed in by the customer, unless `codes` says otherwise. */
function order(
  prices: [unitPrice: number, quantity: number][],
  coupons: Coupon[] = [],
  rest: Partial<Rules> = {},
) {
  const rules: Rules = { currency: 'EUR', shippingFee: 490, freeShippingFrom: 5000, coupons, ...rest };
  const cart: Cart = {
    currency: rules.currency,
    lines: prices.map(([unitPrice, quantity], index) => ({ sku: `sku-${index}`, unitPrice, quantity })),
    codes: coupons.map(({ code }) => code),
  };
  return { cart, rules };
}

/** The price at the moment that the fake clock shows. Minus zero is as good as zero. */
function price({ cart, rules }: { cart: Cart; rules: Rules }): Price {
  const { subtotal, discount, shipping, total, ...rest } = priceCart(cart, rules, Date.now());
  return {
    ...rest,
    subtotal: subtotal + 0,
    discount: discount + 0,
    shipping: shipping + 0,
    total: total + 0,
  };
}

describe('priceCart: a whole purchase', () => {
  test('adds lines, takes the best percentage and all amounts, adds shipping', () => {
    const { cart, rules } = order(
      [
        [1999, 2],
        [250, 3],
        [7, 1],
      ],
      [
        coupon('ZEBRA', 'amount', 300),
        coupon('NINE', 'percent', 9),
        coupon('TEN', 'percent', 10),
        coupon('EIGHT', 'percent', 8),
        coupon('APPLE', 'amount', 45),
        coupon('HUGE', 'percent', 90, { minimum: 4756 }),
        coupon('LATE', 'percent', 80, { startsAt: NOW + 1 }),
        coupon('OVER', 'amount', 80, { endsAt: NOW }),
        coupon('UNTYPED', 'amount', 70),
        coupon('BETTER', 'percent', 70),
      ],
      { currency: 'CHF' },
    );
    cart.codes = cart.codes
      .filter((code) => code !== 'UNTYPED' && code !== 'BETTER')
      .concat('NOBODYKNOWS', 'ZEBRA');

    // 3998 + 750 + 7 = 4755; a tenth is 475.5, so 476; 476 + 300 + 45 = 821.
    expect(price({ cart, rules })).toEqual(
      expect.objectContaining({
        currency: 'CHF',
        subtotal: 4755,
        discount: 821,
        shipping: 490,
        total: 4424,
        applied: ['APPLE', 'TEN', 'ZEBRA'],
      }),
    );
  });

  test('gives the same result in every order, and leaves its arguments alone', () => {
    const { cart, rules } = order(
      [
        [1015, 1],
        [333, 3],
        [1, 2],
      ],
      [
        coupon('M', 'percent', 9),
        coupon('Z', 'amount', 200),
        coupon('B', 'percent', 30),
        coupon('A', 'amount', 100),
        coupon('K', 'percent', 10),
      ],
    );
    // 1015 + 999 + 2 = 2016; 604.8 + 300.
    const expected = expect.objectContaining({
      subtotal: 2016,
      discount: 905,
      shipping: 490,
      total: 1601,
      applied: ['A', 'B', 'Z'],
    });
    const turned = <T>(list: T[], by: number) => [...list.slice(by), ...list.slice(0, by)];

    for (let by = 0; by < 5; by += 1) {
      for (const flip of [false, true]) {
        const put = <T>(list: T[]) => (flip ? turned(list, by).reverse() : turned(list, by));
        const asked = {
          cart: { ...cart, lines: put(cart.lines), codes: turned(cart.codes, by) },
          rules: { ...rules, coupons: put(rules.coupons) },
        };
        const before = structuredClone(asked);
        expect(price(asked)).toEqual(expected);
        expect(asked).toEqual(before);
      }
    }
  });

  test('remembers nothing of the purchase before', () => {
    const first = order([[2000, 1]], [coupon('A', 'amount', 500)]);
    expect(price(first)).toEqual(expect.objectContaining({ discount: 500, applied: ['A'] }));
    expect(price(order([[300, 1]]))).toEqual(
      expect.objectContaining({ subtotal: 300, discount: 0, applied: [] }),
    );
    expect(price(first)).toEqual(expect.objectContaining({ discount: 500, applied: ['A'] }));
  });
});

describe('priceCart: what it refuses', () => {
  test.each([0, -1, 1.5, 0.5])('throws a RangeError for a quantity of %d, in whatever line', (quantity) => {
    expect(() => price(order([[100, quantity]]))).toThrow(RangeError);
    expect(() =>
      price(
        order([
          [100, 1],
          [100, 5],
          [100, quantity],
        ]),
      ),
    ).toThrow(RangeError);
  });

  test('throws a RangeError when cart and rules are in two currencies', () => {
    const { cart, rules } = order([[100, 1]]);
    expect(() => price({ cart: { ...cart, currency: 'USD' }, rules })).toThrow(RangeError);
  });

  test('sells one piece', () => {
    expect(price(order([[100, 1]]))).toEqual(expect.objectContaining({ subtotal: 100, total: 590 }));
  });
});

describe('priceCart: little or nothing to pay', () => {
  test('a cart without lines costs nothing, not even shipping', () => {
    const empty = order([], [coupon('FIVE', 'amount', 500), coupon('TEN', 'percent', 10)]);
    expect(price(empty)).toEqual(
      expect.objectContaining({
        currency: 'EUR',
        subtotal: 0,
        discount: 0,
        shipping: 0,
        total: 0,
        applied: [],
      }),
    );
  });

  test('a gift for 0 cents is still shipped for the fee', () => {
    expect(price(order([[0, 1]]))).toEqual(
      expect.objectContaining({ subtotal: 0, shipping: 490, total: 490 }),
    );
  });

  test.each([
    ['amounts', [coupon('B', 'amount', 700), coupon('A', 'amount', 301)]],
    ['a percentage and an amount', [coupon('B', 'percent', 100), coupon('A', 'amount', 1)]],
  ])('%s take off no more than the subtotal', (_what, coupons) => {
    expect(price(order([[1000, 1]], coupons))).toEqual(
      expect.objectContaining({
        subtotal: 1000,
        discount: 1000,
        shipping: 490,
        total: 490,
        applied: ['A', 'B'],
      }),
    );
  });

  test('the same article in two lines is paid twice', () => {
    const { cart, rules } = order([
      [100, 1],
      [100, 2],
    ]);
    cart.lines = cart.lines.map((line) => ({ ...line, sku: 'same' }));
    expect(price({ cart, rules })).toEqual(expect.objectContaining({ subtotal: 300 }));
  });
});

describe('priceCart: limits', () => {
  test('a coupon counts from its minimum on', () => {
    const coupons = [
      coupon('MIN', 'amount', 100, { minimum: 2000 }),
      coupon('TOO', 'percent', 10, { minimum: 2000 }),
    ];
    expect(price(order([[1999, 1]], coupons))).toEqual(expect.objectContaining({ discount: 0, applied: [] }));
    expect(price(order([[2000, 1]], coupons))).toEqual(
      expect.objectContaining({ discount: 300, applied: ['MIN', 'TOO'] }),
    );
  });

  test('a coupon counts from its first millisecond to the one before its last', () => {
    const purchase = order(
      [[1000, 1]],
      [coupon('HOUR', 'amount', 100, { startsAt: NOW + 1, endsAt: NOW + 3 })],
    );
    const seen = [];
    for (let at = NOW; at <= NOW + 4; at += 1) {
      vi.setSystemTime(at);
      seen.push(price(purchase).discount);
    }
    expect(seen).toEqual([0, 100, 100, 0, 0]);
  });

  test('shipping is free from the limit on, after the discount', () => {
    const off = [coupon('OFF', 'amount', 1)];
    expect(price(order([[4999, 1]]))).toEqual(expect.objectContaining({ shipping: 490, total: 5489 }));
    expect(price(order([[5000, 1]]))).toEqual(expect.objectContaining({ shipping: 0, total: 5000 }));
    expect(price(order([[5000, 1]], off))).toEqual(expect.objectContaining({ shipping: 490, total: 5489 }));
    expect(price(order([[5001, 1]], off))).toEqual(expect.objectContaining({ shipping: 0, total: 5000 }));
  });
});

describe('priceCart: rounding', () => {
  test.each([
    [1004, 10, 100],
    [1005, 10, 101],
    [1015, 10, 102],
    [1006, 10, 101],
    [330, 35, 116],
    [50, 29, 15],
    [49, 1, 0],
    [50, 1, 1],
  ])('of %i cents %i percent are %i', (subtotal, percent, discount) => {
    expect(price(order([[subtotal, 1]], [coupon('P', 'percent', percent)]))).toEqual(
      expect.objectContaining({ discount }),
    );
  });

  test('rounds once, not in every line', () => {
    const lines: [number, number][] = [
      [5, 1],
      [5, 1],
      [5, 2],
    ];
    expect(price(order(lines, [coupon('P', 'percent', 10)]))).toEqual(
      expect.objectContaining({ discount: 2 }),
    );
  });
});
