// canary 54f44b513db78758c08c1b96
import { Money } from './money.ts';

type Coupon = {
  code: string;
  kind: 'percent' | 'amount';
  value: number;
  minimum: number;
  startsAt: number;
  endsAt: number;
};
type Cart = {
  currency: string;
  lines: readonly { sku: string; unitPrice: number; quantity: number }[];
  codes: readonly string[];
};
type Rules = { currency: string; shippingFee: number; freeShippingFrom: number; coupons: readonly Coupon[] };

export class Till {
  private readonly cart: Cart;
  private readonly rules: Rules;
  private readonly now: number;

  constructor(cart: Cart, rules: Rules, now: number) {
    this.cart = cart;
    this.rules = rules;
    this.now = now;
    if (cart.currency !== rules.currency) throw new RangeError('wrong currency');
    if (!cart.lines.every(({ quantity }) => Number.isInteger(quantity) && quantity > 0))
      throw new RangeError('wrong quantity');
    if (!cart.lines.every(({ unitPrice }) => Number.isInteger(unitPrice) && unitPrice >= 0))
      throw new RangeError('a price is in whole cents');
  }

  receipt() {
    const { subtotal, discount, shipping } = this;
    return {
      applied: this.coupons.map(({ code }) => code),
      subtotal,
      discount,
      shipping,
      total: subtotal - discount + shipping,
      currency: this.cart.currency,
    };
  }

  private get subtotal(): number {
    return this.cart.lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  }

  private get discount(): number {
    const whole = new Money(this.subtotal);
    const wanted = this.coupons.reduce(
      (sum, { kind, value }) => sum + (kind === 'percent' ? whole.share(value) : value),
      0,
    );
    return wanted > whole.cents ? whole.cents : wanted;
  }

  private get shipping(): number {
    if (this.cart.lines.length === 0) return 0;
    return this.subtotal - this.discount < this.rules.freeShippingFrom ? this.rules.shippingFee : 0;
  }

  /** Those that count, by code. */
  private get coupons(): Coupon[] {
    if (this.cart.lines.length === 0) return [];
    const valid = this.rules.coupons
      .filter((coupon) => this.counts(coupon))
      .toSorted((a, b) => (a.code < b.code ? -1 : 1));
    const highest = Math.max(...valid.filter(({ kind }) => kind === 'percent').map(({ value }) => value));
    const best = valid.find(({ kind, value }) => kind === 'percent' && value === highest);
    return valid.filter((coupon) => coupon.kind === 'amount' || coupon === best);
  }

  private counts({ code, minimum, startsAt, endsAt }: Coupon): boolean {
    const isNow = this.now >= startsAt && this.now < endsAt;
    return isNow && this.cart.codes.includes(code) && this.subtotal >= minimum;
  }
}
