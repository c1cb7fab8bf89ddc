import { describe, test } from 'vitest';
// import { priceCart } from './subject.ts';
// import type { Cart, Rules } from './subject.ts';

// Tests of priceCart: plain data in, plain data out.

describe('priceCart', () => {
  // TODO R1: the first test that passes on every right program.
  test.todo('adds up the lines of a cart');

  // TODO R2: whatever order the tests run in, and whatever day it is.
  // TODO R3: the last value on one side of each limit, and the first on the other.
  // TODO R4: amounts that do not divide evenly; two coupons at once; another currency.
  // TODO R5: a cart without lines; quantities that nobody can buy.
  // TODO R6: what was passed, after the call; the same in another order.
});
