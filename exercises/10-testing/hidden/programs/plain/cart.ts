// canary 747ad005468b61a1baecccc3
type Line = { sku: string; unitPrice: number; quantity: number };
type Cart = { currency: string; lines: Line[]; codes: string[] };
type Coupon = {
  code: string;
  kind: 'percent' | 'amount';
  value: number;
  minimum: number;
  startsAt: number;
  endsAt: number;
};
type Rules = { currency: string; shippingFee: number; freeShippingFrom: number; coupons: Coupon[] };

export function priceCart(cart: Cart, rules: Rules, now: number) {
  if (cart.currency !== rules.currency) throw new RangeError(`these prices are in ${rules.currency}`);
  for (const line of cart.lines) {
    if (!Number.isInteger(line.quantity) || line.quantity < 1)
      throw new RangeError(`${line.sku}: a quantity is 1 or more`);
  }

  let subtotal = 0;
  for (const line of cart.lines) subtotal += line.unitPrice * line.quantity;
  if (cart.lines.length === 0) {
    return { currency: cart.currency, subtotal: 0, discount: 0, shipping: 0, total: 0, applied: [] };
  }

  const usable = rules.coupons.filter(
    (coupon) =>
      cart.codes.includes(coupon.code) &&
      subtotal >= coupon.minimum &&
      coupon.startsAt <= now &&
      now < coupon.endsAt,
  );
  const used: Coupon[] = [];
  let best: Coupon | null = null;
  for (const coupon of usable) {
    if (coupon.kind === 'amount') used.push(coupon);
    else if (best === null || coupon.value > best.value) best = coupon;
  }
  if (best !== null) used.push(best);

  let discount = 0;
  for (const coupon of used) {
    discount += coupon.kind === 'percent' ? Math.floor((subtotal * coupon.value + 50) / 100) : coupon.value;
  }
  discount = Math.min(discount, subtotal);

  const goods = subtotal - discount;
  const shipping = goods >= rules.freeShippingFrom ? 0 : rules.shippingFee;
  const applied = used.map(({ code }) => code).sort();
  return { currency: cart.currency, subtotal, discount, shipping, total: goods + shipping, applied };
}
