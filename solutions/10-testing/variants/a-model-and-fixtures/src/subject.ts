/*
 * The program under test, as its tests see it. You find no program here: the check puts one in the place of this file, and
 * then another one, and another. What it must do stands in README.md. Leave this file as it is, or write a program
 * of your own into it, for trying: the check never reads it.
 */
import type { Server } from 'node:http';

/** Amounts are whole cents. `codes`: what the customer typed. */
export type Cart = {
  currency: string;
  lines: { sku: string; unitPrice: number; quantity: number }[];
  codes: string[];
};

/** `value`: a percentage, or an amount. Times are milliseconds since 1970. */
export type Coupon = {
  code: string;
  kind: 'percent' | 'amount';
  value: number;
  minimum: number;
  startsAt: number;
  endsAt: number;
};

export type Rules = {
  currency: string;
  shippingFee: number;
  freeShippingFrom: number;
  coupons: Coupon[];
};

export type Price = {
  currency: string;
  subtotal: number;
  discount: number;
  shipping: number;
  total: number;
  applied: string[];
};

/** What the API asks of the world around it. It awaits each of these functions, so yours may be async or not. */
export type Outside = {
  clock: { now: () => number | Promise<number> };
  gateway: { charge: (order: { amount: number; idempotencyKey: string }) => Promise<{ paymentId: string }> };
  publish: (event: unknown) => unknown;
  log: (entry: unknown) => unknown;
};

export function priceCart(_cart: Cart, _rules: Rules, _now: number): Price {
  throw new Error(NOBODY);
}

/** A server that does not listen yet, for supertest. */
export function createApp(_dependencies: Outside & { adminToken: string }): Server {
  throw new Error(NOBODY);
}

/** The whole program, as it runs in production: with settings, and on a port of its own. */
export async function startProgram(
  _env: Record<string, string>,
  _outside: Outside,
): Promise<{ url: string; stop: () => Promise<void> }> {
  throw new Error(NOBODY);
}

const NOBODY = 'There is no program here. Run: npm run check 10-testing';
