import assert from 'node:assert/strict';
import { it } from 'vitest';
import { priceCart } from './subject.js';
import type { Cart, Coupon, Price, Rules } from './subject.js';

const START = 1_000_000;
const END = 2_000_000;

const rules: Rules = {
  currency: 'CHF',
  shippingFee: 700,
  freeShippingFrom: 10_000,
  coupons: [
    coupon('P15', 'percent', 15),
    coupon('P50', 'percent', 50, 4_000),
    coupon('A100', 'amount', 100),
    coupon('A250', 'amount', 250),
    coupon('ALL', 'amount', 1_000_000),
  ],
};

function coupon(code: string, kind: Coupon['kind'], value: number, minimum = 0): Coupon {
  return { code, kind, value, minimum, startsAt: START, endsAt: END };
}

function cart(lines: [price: number, quantity: number][], ...codes: string[]): Cart {
  return {
    currency: 'CHF',
    lines: lines.map(([unitPrice, quantity], index) => ({ sku: `thing-${index}`, unitPrice, quantity })),
    codes,
  };
}

type Case = { because: string; cart: Cart; at?: number; is: Omit<Price, 'currency'> };

const price = (
  subtotal: number,
  discount: number,
  shipping: number,
  total: number,
  ...applied: string[]
): Case['is'] => ({ subtotal, discount, shipping, total, applied });

const CASES: Case[] = [
  {
    because: 'the subtotal is a sum of products',
    cart: cart([
      [199, 3],
      [1_000, 1],
    ]),
    is: price(1_597, 0, 700, 2_297),
  },
  { because: 'nothing costs nothing', cart: cart([], 'A100'), is: price(0, 0, 0, 0) },
  { because: 'unknown codes are passed over', cart: cart([[100, 1]], 'WHO'), is: price(100, 0, 700, 800) },
  { because: 'the fee is due below the limit', cart: cart([[9_999, 1]]), is: price(9_999, 0, 700, 10_699) },
  { because: 'and is not at the limit', cart: cart([[10_000, 1]]), is: price(10_000, 0, 0, 10_000) },
  {
    because: 'what counts for it is the discounted price',
    cart: cart([[10_050, 1]], 'A100'),
    is: price(10_050, 100, 700, 10_650, 'A100'),
  },
  {
    because: 'half a cent goes up: 15 % of 1010 is 151.5',
    cart: cart([[1_010, 1]], 'P15'),
    is: price(1_010, 152, 700, 1_558, 'P15'),
  },
  {
    because: 'less than half goes down: 15 % of 1009 is 151.35',
    cart: cart([[1_009, 1]], 'P15'),
    is: price(1_009, 151, 700, 1_558, 'P15'),
  },
  {
    because: 'half a cent goes up from an even cent too: 15 % of 1030 is 154.5',
    cart: cart([[1_030, 1]], 'P15'),
    is: price(1_030, 155, 700, 1_575, 'P15'),
  },
  {
    because: 'one percentage, the highest',
    cart: cart([[5_000, 1]], 'P15', 'P50'),
    is: price(5_000, 2_500, 700, 3_200, 'P50'),
  },
  {
    because: 'the same, typed the other way round',
    cart: cart([[5_000, 1]], 'P50', 'P15'),
    is: price(5_000, 2_500, 700, 3_200, 'P50'),
  },
  {
    because: 'of the amounts, all',
    cart: cart([[5_000, 1]], 'A250', 'P15', 'A100'),
    is: price(5_000, 1_100, 700, 4_600, 'A100', 'A250', 'P15'),
  },
  {
    because: 'a minimum is reached at itself',
    cart: cart([[4_000, 1]], 'P50'),
    is: price(4_000, 2_000, 700, 2_700, 'P50'),
  },
  {
    because: 'and one cent below it is not',
    cart: cart([[3_999, 1]], 'P50'),
    is: price(3_999, 0, 700, 4_699),
  },
  {
    because: 'no discount is more than the goods',
    cart: cart([[12_000, 1]], 'ALL'),
    is: price(12_000, 12_000, 700, 700, 'ALL'),
  },
  {
    because: 'a coupon begins at its beginning',
    cart: cart([[1_000, 1]], 'A100'),
    at: START,
    is: price(1_000, 100, 700, 1_600, 'A100'),
  },
  {
    because: 'and not before',
    cart: cart([[1_000, 1]], 'A100'),
    at: START - 1,
    is: price(1_000, 0, 700, 1_700),
  },
  {
    because: 'the last moment counts',
    cart: cart([[1_000, 1]], 'A100'),
    at: END - 1,
    is: price(1_000, 100, 700, 1_600, 'A100'),
  },
  { because: 'the end does not', cart: cart([[1_000, 1]], 'A100'), at: END, is: price(1_000, 0, 700, 1_700) },
];

for (const { because, cart: given, at = START, is } of CASES)
  it(`priceCart: ${because}`, () => {
    assert.deepEqual(priceCart(given, rules, at), { currency: 'CHF', ...is });
  });

it('priceCart: the order of coupons and lines means nothing', () => {
  const given = cart(
    [
      [900, 1],
      [4_000, 2],
    ],
    'P15',
    'P50',
    'A250',
    'A100',
  );
  const turned = { ...given, lines: given.lines.toReversed(), codes: given.codes.toReversed() };
  const expected = priceCart(given, rules, START);
  assert.deepEqual(priceCart(turned, { ...rules, coupons: rules.coupons.toReversed() }, START), expected);
});

it('priceCart: what it is given is frozen, and stays as it was', () => {
  const given = cart(
    [
      [4_000, 2],
      [900, 1],
    ],
    'P50',
    'A100',
  );
  const before = JSON.stringify([given, rules]);
  priceCart(given, rules, START);
  assert.equal(JSON.stringify([given, rules]), before);
});

for (const quantity of [0, -2, 0.5, Number.NaN])
  it(`priceCart: nobody can buy ${quantity} of a thing`, () => {
    assert.throws(
      () =>
        priceCart(
          cart([
            [100, 1],
            [100, quantity],
          ]),
          rules,
          START,
        ),
      RangeError,
    );
  });

it('priceCart: an amount in one currency is none in another', () => {
  assert.throws(() => priceCart({ ...cart([[100, 1]]), currency: 'EUR' }, rules, START), {
    name: 'RangeError',
  });
});
