import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startProgram } from './subject.js';

const world = {
  clock: { now: async () => 100 },
  gateway: { charge: async () => ({ paymentId: 'p' }) },
  publish: async () => {},
  log: async () => {},
};

/** The status of one request, made with nothing but Node. */
function statusOf(url: string, method: string, body: object, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    request(url, { method, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}

test('the program obeys its setting, works as a whole, and is gone after stop', async () => {
  const { url, stop } = await startProgram({ ADMIN_TOKEN: 's3cret', OTHER: 'x' }, world);
  const coupon = { code: 'ONE', percent: 50, limit: 1, endsAt: 101 };
  try {
    expect(await statusOf(`${url}/coupons`, 'POST', coupon, 'admin')).toBe(401);
    expect(await statusOf(`${url}/coupons`, 'POST', coupon, 's3cret')).toBe(201);
    const path = `${url}/coupons/ONE/redemptions`;
    expect(await statusOf(path, 'POST', { orderId: 'o', amount: 1 }, '')).toBe(201);
    expect(await statusOf(path, 'POST', { orderId: 'p', amount: 1 }, '')).toBe(409);
  } finally {
    await stop();
  }
  await expect(statusOf(`${url}/coupons`, 'POST', coupon, 's3cret')).rejects.toThrow();
});

test('the program does not start without its setting', async () => {
  await expect(startProgram({ OTHER: 'x' }, world)).rejects.toBeInstanceOf(Error);
});
