import { beforeEach, expect } from 'vitest';
import { test } from '../support/world.js';

const CHARGED = 858; // 1010 less 15 %, and 151.5 is rounded up

test('a redemption leaves by five doors, and by no other', async ({ world }) => {
  await world.coupon({ limit: 2 });
  const answer = await world.redeem('nr-1');
  expect(answer.status).toBe(201);
  expect(answer.body).toStrictEqual({ orderId: 'nr-1', charged: CHARGED, paymentId: 'payment of nr-1' });
  expect(await world.remaining()).toBe(1);
  expect(world.through('call')).toStrictEqual([{ amount: CHARGED, idempotencyKey: 'nr-1' }]);
  expect(world.through('event')).toStrictEqual([
    { type: 'coupon.redeemed', code: 'Q4', orderId: 'nr-1', charged: CHARGED },
  ]);
  const infos = world.through('log').filter(({ level }) => level === 'info');
  expect(infos).toContainEqual(expect.objectContaining({ orderId: 'nr-1' }));
});

test('when the money does not come, all is as before', async ({ world }) => {
  await world.coupon();
  world.gateway.declines = true;
  const answer = await world.redeem('nr-1');
  expect(answer).toMatchObject({ status: 502, body: { error: 'payment_failed' } });
  expect(world.through('event')).toHaveLength(0);
  const errors = world.through('log').filter(({ level }) => level === 'error');
  expect(errors).toContainEqual(expect.objectContaining({ orderId: 'nr-1' }));
  world.gateway.declines = false;
  expect((await world.redeem('nr-2')).status).toBe(201);
});

test('who comes while the last one is being paid is too late', async ({ world }) => {
  await world.coupon();
  world.gateway.holds = true;
  const first = world.redeem('nr-1');
  await expect.poll(() => world.through('call').length, { interval: 5 }).toBe(1);
  world.gateway.holds = false;
  const second = await world.redeem('nr-2');
  expect(second).toMatchObject({ status: 409, body: { error: 'used_up' } });
  world.gateway.letGo();
  expect((await first).status).toBe(201);
  expect(world.through('call')).toHaveLength(1);
});

test.for([
  [-1, 201],
  [0, 410],
  [1, 410],
] as const)('at %i ms from its end the answer is %i', async ([after, status], { world }) => {
  await world.coupon();
  world.now += 10 + after;
  expect((await world.redeem('nr-1')).status).toBe(status);
  expect(world.through('call')).toHaveLength(status === 201 ? 1 : 0);
});

test('nobody redeems what nobody made', async ({ world }) => {
  const answer = await world.redeem('nr-1');
  expect(answer).toMatchObject({ status: 404, type: 'application/json', body: { error: 'not_found' } });
  expect(world.through('call')).toStrictEqual([]);
});

test.for([0, -1, 1.5, 1_000_000_001, '100'])('an amount of %j is none', async (amount, { world }) => {
  await world.coupon();
  expect((await world.redeem('nr-1', amount as number)).status).toBe(422);
  expect(await world.remaining()).toBe(1);
});

beforeEach(() => {
  expect.hasAssertions();
});
