import type { Server } from 'node:http';
import { expect } from 'vitest';

/** A program of 10-testing in this process, as its contract describes it. */
export type LoadedProgram = {
  priceCart: (cart: object, rules: object, now: number) => Record<string, unknown>;
  createApp: (dependencies: object) => Server;
  startProgram: (env: Record<string, string>, outside: object) => Server;
  parseMoney: (text: string) => number;
};

/** A sentence of the contract: rejects when a program breaks it. */
export type Sentence = readonly [name: string, holds: (program: LoadedProgram) => Promise<void> | void];

const NOW = 1_000_000;

const coupon = (code: string, changes: object = {}) => ({
  code,
  kind: 'percent',
  value: 10,
  minimum: 0,
  startsAt: 0,
  endsAt: 2 * NOW,
  ...changes,
});
const amountOff = (code: string, value: number) => coupon(code, { kind: 'amount', value });
const rulesOf = (...coupons: object[]) => ({
  currency: 'EUR',
  shippingFee: 490,
  freeShippingFrom: 5_000,
  coupons,
});
const line = (unitPrice: number, quantity: unknown = 1) => ({ sku: `at ${unitPrice}`, unitPrice, quantity });
const cartOf = (lines: object[], ...codes: string[]) => ({ currency: 'EUR', lines, codes });

function discountOf(price: number, value: number) {
  return ({ priceCart }: LoadedProgram) =>
    priceCart(cartOf([line(price)], 'A'), rulesOf(coupon('A', { value })), NOW)['discount'];
}

/** priceCart. */
export const CART: readonly Sentence[] = [
  [
    'quantities are whole and at least 1',
    ({ priceCart }) => {
      for (const quantity of [0, -1, 1.5, Number.NaN, Infinity, '2', null])
        expect(() => priceCart(cartOf([line(1), line(100, quantity)]), rulesOf(), NOW)).toThrow(RangeError);
      expect(priceCart(cartOf([line(0, 2 ** 60)]), rulesOf(), NOW)).toMatchObject({ subtotal: 0 });
    },
  ],
  [
    'the currencies are the same',
    ({ priceCart }) => {
      const dollars = { ...rulesOf(), currency: 'USD' };
      for (const lines of [[], [line(1)]])
        expect(() => priceCart(cartOf(lines), dollars, NOW)).toThrow(RangeError);
    },
  ],
  [
    'the result has these fields, and no others',
    ({ priceCart }) => {
      expect(priceCart(cartOf([line(100, 2), line(7, 3)]), rulesOf(), NOW)).toStrictEqual({
        currency: 'EUR',
        subtotal: 221,
        discount: 0,
        shipping: 490,
        total: 711,
        applied: [],
      });
    },
  ],
  [
    'a cart without lines costs nothing',
    ({ priceCart }) => {
      const nothing = { currency: 'EUR', subtotal: 0, discount: 0, shipping: 0, total: 0, applied: [] };
      const rules = rulesOf(amountOff('A', 5), coupon('B'));
      expect(priceCart(cartOf([], 'A', 'B'), rules, NOW)).toStrictEqual(nothing);
    },
  ],
  [
    'a coupon counts from its start and its minimum on',
    ({ priceCart }) => {
      const applied = (changes: object, ...codes: string[]) =>
        priceCart(cartOf([line(2_000)], ...codes), rulesOf(coupon('A', changes)), NOW)['applied'];
      expect(applied({ startsAt: NOW, minimum: 2_000 }, 'A', 'A', 'UNKNOWN')).toEqual(['A']);
      expect(applied({ startsAt: NOW + 1 }, 'A')).toEqual([]);
      expect(applied({ minimum: 2_001 }, 'A')).toEqual([]);
      expect(applied({}, 'a')).toEqual([]);
    },
  ],
  [
    'and before its end',
    ({ priceCart }) => {
      const applied = (endsAt: number) =>
        priceCart(cartOf([line(2_000)], 'A'), rulesOf(coupon('A', { endsAt })), NOW)['applied'];
      expect(applied(NOW + 1)).toEqual(['A']);
      expect(applied(NOW)).toEqual([]);
    },
  ],
  [
    'one percentage is used, the highest, and all amounts; a code typed twice counts once',
    ({ priceCart }) => {
      const rules = rulesOf(coupon('B', { value: 20 }), amountOff('Z', 100), coupon('A'), amountOff('C', 50));
      const price = priceCart(cartOf([line(2_000)], 'B', 'A', 'C', 'C', 'Z'), rules, NOW);
      expect(price).toMatchObject({ discount: 550, applied: ['B', 'C', 'Z'], total: 1_940 });
    },
  ],
  [
    'half a cent goes up',
    (program) => {
      expect([1_004, 1_005, 1_006].map((price) => discountOf(price, 10)(program))).toEqual([100, 101, 101]);
      expect(discountOf(999_999_999_950, 1)(program)).toBe(10_000_000_000);
      expect([1, 49, 50].map((price) => discountOf(price, 1)(program))).toEqual([0, 0, 1]);
      expect(discountOf(1, 100)(program)).toBe(1);
    },
  ],
  [
    'a discount is never more than the goods',
    ({ priceCart }) => {
      const price = priceCart(
        cartOf([line(2_000)], 'A', 'B'),
        rulesOf(amountOff('A', 1_999), coupon('B')),
        NOW,
      );
      expect(price).toMatchObject({ discount: 2_000, total: 490, applied: ['A', 'B'] });
    },
  ],
  [
    'shipping goes by what is left',
    ({ priceCart }) => {
      const shipping = (price: number) =>
        priceCart(cartOf([line(price)], 'A'), rulesOf(amountOff('A', 10)), NOW)['shipping'];
      expect([5_009, 5_010].map(shipping)).toEqual([490, 0]);
    },
  ],
  [
    'order changes nothing',
    ({ priceCart }) => {
      const coupons = [coupon('B', { value: 20 }), coupon('A'), amountOff('C', 50)];
      const lines = [line(700), line(300, 2)];
      const codes = ['A', 'C', 'B'];
      const one = priceCart(cartOf(lines, ...codes), rulesOf(...coupons), NOW);
      const other = cartOf(lines.toReversed(), ...codes.toReversed());
      expect(priceCart(other, rulesOf(...coupons), NOW)).toEqual(one);
      expect(priceCart(other, rulesOf(...coupons.toReversed()), NOW)).toEqual(one);
    },
  ],
  [
    'arguments are not changed',
    ({ priceCart }) => {
      const cart = cartOf([line(700), line(300)], 'B', 'A');
      const rules = rulesOf(coupon('B', { value: 5 }), coupon('A'));
      const before = structuredClone({ cart, rules });
      priceCart(cart, rules, NOW);
      expect({ cart, rules }).toStrictEqual(before);
    },
  ],
];

/** parseMoney. */
export const MONEY: readonly Sentence[] = [
  [
    'amounts are read',
    ({ parseMoney }) => {
      for (const [text, cents] of [
        ['12.50', 1_250],
        ['12', 1_200],
        ['0', 0],
        ['007.05', 705],
        ['4.35', 435],
        ['  3.20 ', 320],
        [' -12.34', -1_234],
        ['9999999999.99', 999_999_999_999],
      ] as const)
        expect(parseMoney(text)).toBe(cents);
    },
  ],
  ['one digit after the point is tens', ({ parseMoney }) => expect(parseMoney('12.5')).toBe(1_250)],
  ['a small amount keeps its sign', ({ parseMoney }) => expect(parseMoney('-0.50')).toBe(-50)],
  [
    'anything else is refused',
    ({ parseMoney }) => {
      const texts = [
        '',
        ' ',
        '-',
        '.',
        '5.',
        '.5',
        '1.234',
        '1,5',
        '1 2',
        '- 1',
        '--1',
        '+1',
        '1-',
        '1e3',
        '0x1',
      ];
      const white = ['\t1', '1\n', '\u00a01', '1\r\n', '-\t1', '\ufeff1'];
      for (const text of [...texts, ...white, 'NaN', '1.2.3', '١', '1. 5', '1 .5'])
        expect(() => parseMoney(text)).toThrow(RangeError);
    },
  ],
];
