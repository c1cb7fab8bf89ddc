import { describe, expect, it } from 'vitest';
import { priceCart } from './subject.js';
import { generated } from './support/carts.js';
import { modelOf } from './support/model.js';

const seeds = Array.from({ length: 60 }, (_, index) => 1_000 + index);

describe('priceCart and a model of it', () => {
  it.each(seeds.filter((seed) => seed % 10 === 0))('agree on ten carts from %i on', (first) => {
    for (let seed = first; seed < first + 10; seed++) {
      const { cart, rules, now } = generated(seed);
      expect(priceCart(cart, rules, now), `seed ${seed}`).toStrictEqual(modelOf(cart, rules, now));
    }
  });

  it('agree on carts at half a cent', () => {
    for (const unitPrice of [1_010, 1_030, 50, 150]) {
      const coupon = { code: 'C', kind: 'percent' as const, value: 15, minimum: 0, startsAt: 0, endsAt: 9 };
      const rules = { currency: 'EUR', shippingFee: 0, freeShippingFrom: 0, coupons: [coupon] };
      const cart = { currency: 'EUR', lines: [{ sku: 's', unitPrice, quantity: 1 }], codes: ['C', 'C'] };
      expect(priceCart(cart, rules, 8)).toStrictEqual(modelOf(cart, rules, 8));
    }
  });

  it('agree on an empty cart with a fee', () => {
    const { rules, now } = generated(1);
    const cart = { currency: 'JPY', lines: [], codes: [] };
    expect(priceCart(cart, { ...rules, freeShippingFrom: 1 }, now)).toStrictEqual(modelOf(cart, rules, now));
  });
});

describe('priceCart', () => {
  it('changes nothing of what it is given', () => {
    for (const seed of seeds.slice(0, 12)) {
      const given = generated(seed);
      priceCart(given.cart, given.rules, given.now);
      expect(given).toStrictEqual(generated(seed));
    }
  });

  it('takes lists in any order', () => {
    for (const seed of seeds.slice(20, 36)) {
      const { cart, rules, now } = generated(seed);
      const turned = { ...cart, lines: cart.lines.toReversed(), codes: cart.codes.toReversed() };
      const inTurn = { ...rules, coupons: rules.coupons.toReversed() };
      expect(priceCart(turned, inTurn, now)).toStrictEqual(priceCart(cart, rules, now));
    }
  });

  it.each([-1, 0, 2.5, Infinity])('has no price for a quantity of %f', (quantity) => {
    const { rules, now } = generated(3);
    const cart = { currency: 'JPY', lines: [{ sku: 's', unitPrice: 1, quantity }], codes: [] };
    expect(() => priceCart(cart, rules, now)).toThrow(RangeError);
  });

  it('has no price in a currency that the rules do not know', () => {
    const { cart, rules, now } = generated(4);
    expect(() => priceCart(cart, { ...rules, currency: 'SEK' }, now)).toThrow(RangeError);
  });
});
