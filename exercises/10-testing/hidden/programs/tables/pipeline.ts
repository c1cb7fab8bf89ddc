// canary 3ce9d18a6225c05fd034784d
type Coupon = {
  code: string;
  kind: string;
  value: number;
  minimum: number;
  startsAt: number;
  endsAt: number;
};
type Cart = { currency: string; lines: { unitPrice: number; quantity: number }[]; codes: string[] };
type Rules = { currency: string; shippingFee: number; freeShippingFrom: number; coupons: Coupon[] };
type Draft = {
  cart: Cart;
  rules: Rules;
  now: number;
  subtotal: number;
  coupons: Coupon[];
  discount: number;
  shipping: number;
};

const refuse = (when: boolean, why: string): void => {
  if (when) throw new RangeError(why);
};

const sum = (numbers: number[]): number => numbers.reduce((all, each) => all + each, 0);

const checked = (draft: Draft): Draft => {
  refuse(draft.cart.currency !== draft.rules.currency, `${draft.cart.currency} is not taken`);
  refuse(
    draft.cart.lines.some(({ quantity }) => !(Number.isInteger(quantity) && quantity >= 1)),
    'nobody can buy that many',
  );
  return draft;
};

const added = (draft: Draft): Draft => ({
  ...draft,
  subtotal: sum(draft.cart.lines.map((line) => line.quantity * line.unitPrice)),
});

const CONDITIONS: ((coupon: Coupon, draft: Draft) => boolean)[] = [
  ({ code }, { cart }) => new Set(cart.codes).has(code),
  ({ startsAt }, { now }) => !(now < startsAt),
  ({ endsAt }, { now }) => now < endsAt,
  ({ minimum }, { subtotal }) => !(subtotal < minimum),
];

const chosen = (draft: Draft): Draft => {
  const valid = draft.rules.coupons.filter((coupon) => CONDITIONS.every((holds) => holds(coupon, draft)));
  const percents = valid
    .filter(({ kind }) => kind === 'percent')
    .toSorted((a, b) => b.value - a.value || (a.code < b.code ? 1 : -1));
  return { ...draft, coupons: [...percents.slice(0, 1), ...valid.filter(({ kind }) => kind === 'amount')] };
};

const discounted = (draft: Draft): Draft => {
  const { subtotal } = draft;
  const parts = draft.coupons.map(({ kind, value }) =>
    kind === 'percent'
      ? (subtotal * value - ((subtotal * value) % 100)) / 100 + ((subtotal * value) % 100 >= 50 ? 1 : 0)
      : value,
  );
  return { ...draft, discount: Math.min(subtotal, sum(parts)) };
};

const sent = (draft: Draft): Draft => {
  const { freeShippingFrom, shippingFee } = draft.rules;
  return { ...draft, shipping: draft.subtotal - draft.discount >= freeShippingFrom ? 0 : shippingFee };
};

export const priceCart = (cart: Cart, rules: Rules, now: number) => {
  const start: Draft = { cart, rules, now, subtotal: 0, coupons: [], discount: 0, shipping: 0 };
  const steps = cart.lines.length === 0 ? [checked] : [checked, added, chosen, discounted, sent];
  const { subtotal, discount, shipping, coupons } = steps.reduce((draft, step) => step(draft), start);
  const applied = coupons.map(({ code }) => code).toSorted();
  return {
    total: subtotal - discount + shipping,
    subtotal,
    shipping,
    discount,
    currency: rules.currency,
    applied,
  };
};
