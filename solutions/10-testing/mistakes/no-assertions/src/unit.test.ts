import { describe, test } from 'vitest';
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

describe('priceCart', () => {
  test('works with lines', () => {
    priceCart(costing(1_250), theRules(), NOW);
  });

  test('works without lines', () => {
    priceCart(aCart({ lines: [] }), theRules(), NOW);
  });

  test('works with coupons', () => {
    const rules = theRules(aCoupon(), aCoupon({ code: 'TWENTY', value: 20 }), aCoupon({ code: 'A', kind: 'amount', value: 5 }));
    priceCart(costing(1_005, ['TEN', 'TWENTY', 'A']), rules, NOW);
    priceCart(costing(1_005, ['TEN', 'TWENTY', 'A']), rules, NOW + HOUR);
  });

  test('works from 50 euros on', () => {
    priceCart(costing(4_999), theRules(), NOW);
    priceCart(costing(5_000), theRules(), NOW);
  });
});
