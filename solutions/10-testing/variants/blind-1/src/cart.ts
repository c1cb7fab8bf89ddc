import { priceCart } from './subject.ts';
import type { Cart, Coupon, Price, Rules } from './subject.ts';

export const NOW = 5_000;

export type Line = Cart['lines'][number];

export function line(unitPrice: number, quantity = 1): Line {
  return { sku: `sku-${unitPrice}`, unitPrice, quantity };
}

export function cartOf(lines: Line[], codes: string[] = [], currency = 'EUR'): Cart {
  return { currency, lines, codes };
}

export function rulesOf(coupons: Coupon[] = [], more: Partial<Rules> = {}): Rules {
  return { currency: 'EUR', shippingFee: 490, freeShippingFrom: 10_000_000, coupons, ...more };
}

export function coupon(
  code: string,
  kind: Coupon['kind'],
  value: number,
  more: Partial<Coupon> = {},
): Coupon {
  return { code, kind, value, minimum: 0, startsAt: 0, endsAt: 10_000, ...more };
}

/**
 * The named fields of the price. `+ 0` turns a -0 into 0: the contract leaves the two open. The program gets copies, so
 * that one which changes its arguments does not spoil those of the next test.
 */
export function price(cart: Cart, rules: Rules, now = NOW): Price {
  const p = priceCart(structuredClone(cart), structuredClone(rules), now);
  return {
    currency: p.currency,
    subtotal: p.subtotal + 0,
    discount: p.discount + 0,
    shipping: p.shipping + 0,
    total: p.total + 0,
    applied: p.applied,
  };
}

/** A cart of one line at this price, with the codes of all these coupons. */
export function withCoupons(subtotal: number, coupons: Coupon[], more: Partial<Rules> = {}): Price {
  return price(
    cartOf(
      [line(subtotal)],
      coupons.map(({ code }) => code),
    ),
    rulesOf(coupons, more),
  );
}

