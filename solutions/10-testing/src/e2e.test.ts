import { afterEach, expect, test } from 'vitest';
import { startProgram } from './subject.ts';

const outside = {
  clock: { now: () => Date.UTC(2026, 2, 1) },
  gateway: { charge: async () => ({ paymentId: 'pay-1' }) },
  publish: () => {},
  log: () => {},
};

let stop = async (): Promise<void> => {};
// Also after a test that failed: what is left running disturbs the next one.
afterEach(() => stop());

test('the program takes its token from its settings, and serves a coupon from its making to its use', async () => {
  const program = await startProgram({ ADMIN_TOKEN: 'from-the-settings' }, outside);
  stop = program.stop;
  const post = (path: string, body: object, token = ''): Promise<Response> =>
    fetch(program.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });

  const coupon = { code: 'SPRING', percent: 10, limit: 1, endsAt: Date.UTC(2026, 11, 31) };
  expect((await post('/coupons', coupon, 'another')).status).toBe(401);
  expect((await post('/coupons', coupon, 'from-the-settings')).status).toBe(201);
  const redeemed = await post('/coupons/SPRING/redemptions', { orderId: 'order-1', amount: 1_000 });
  expect(await redeemed.json()).toMatchObject({ charged: 900 });
});

test('the program does not start without a token', async () => {
  await expect(startProgram({}, outside)).rejects.toThrow();
});
