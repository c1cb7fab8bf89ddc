import { describe, expect, test, vi } from 'vitest';
import type { Cart, Price, Rules } from './subject.ts';

const priceCart = vi.fn<(cart: Cart, rules: Rules, now: number) => Price>();

const cart: Cart = { currency: 'EUR', lines: [{ sku: 'book', unitPrice: 1_005, quantity: 1 }], codes: ['TEN'] };
const rules: Rules = { currency: 'EUR', shippingFee: 490, freeShippingFrom: 5_000, coupons: [] };

describe('priceCart', () => {
  test('gives the price with the discount rounded up', () => {
    const price = { currency: 'EUR', subtotal: 1_005, discount: 101, shipping: 490, total: 1_394, applied: ['TEN'] };
    priceCart.mockReturnValue(price);
    expect(priceCart(cart, rules, 0)).toEqual(price);
    expect(priceCart).toHaveBeenCalledWith(cart, rules, 0);
  });

  test('gives nothing for an empty cart', () => {
    const nothing = { currency: 'EUR', subtotal: 0, discount: 0, shipping: 0, total: 0, applied: [] };
    priceCart.mockReturnValue(nothing);
    expect(priceCart({ ...cart, lines: [] }, rules, 0)).toEqual(nothing);
  });

  test('refuses a quantity of zero', () => {
    priceCart.mockImplementation(() => {
      throw new RangeError('quantity');
    });
    expect(() => priceCart(cart, rules, 0)).toThrow(RangeError);
  });
});
