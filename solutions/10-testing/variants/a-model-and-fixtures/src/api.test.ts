/* The tests of the API are in api/, one file for each resource. This one looks at what holds for all answers. */
import { expect } from 'vitest';
import { test } from './support/world.js';

test('every refusal is JSON with a code', async ({ world }) => {
  await world.coupon();
  const refusals = [
    await world.agent.get('/coupons/NONE'),
    await world.agent.post('/coupons').send({}),
    await world.coupon(),
    await world.coupon({ code: '' }),
    await world.redeem(''),
  ];
  expect(refusals.map(({ status }) => status)).toStrictEqual([404, 401, 409, 422, 422]);
  for (const { type, body } of refusals) {
    expect(type).toBe('application/json');
    expect((body as Record<string, unknown>)['error']).toEqual(expect.any(String));
  }
});
