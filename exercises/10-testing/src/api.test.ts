import { describe, test } from 'vitest';
// import request from 'supertest';
// import { createApp } from './subject.ts';

// Tests of the API: `await request(createApp({ … })).post('/coupons')…`. The gateway, the clock and the rest are yours.

describe('coupons', () => {
  test.todo('creates a coupon');

  // TODO R7: status, Location and Content-Type of each answer.
  // TODO R8: who may create a coupon; exactly what everybody may see of one.
  // TODO R9: the gateway fails; two customers want the last one at the same time.
  // TODO R10: what the gateway was asked.
  // TODO R12: what else a redemption leaves behind: state, event, log.
});
