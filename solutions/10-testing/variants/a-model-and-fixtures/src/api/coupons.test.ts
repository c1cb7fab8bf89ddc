import { expect } from 'vitest';
import { test, World } from '../support/world.js';

test('a new coupon has an address, under which it is found', async ({ world }) => {
  const made = await world.coupon({ limit: 7 });
  expect(made).toMatchObject({ status: 201, type: 'application/json', headers: { location: '/coupons/Q4' } });
  const found = await world.agent.get(String(made.headers['location']));
  expect(found).toMatchObject({ status: 200, type: 'application/json' });
  for (const { body } of [made, found])
    expect(body).toStrictEqual({ code: 'Q4', percent: 15, remaining: 7, endsAt: world.now + 10 });
});

test('nobody makes a coupon without the token', async ({ world }) => {
  const coupon = { code: 'Q4', percent: 15, limit: 1, endsAt: 5 };
  const tries = [
    world.agent.post('/coupons').send(coupon),
    world.agent.post('/coupons').set('authorization', 'Bearer open-sesame').send(coupon),
    world.agent.post('/coupons').set('authorization', 'sesame').send(coupon),
    world.agent.post('/coupons').set('authorization', 'Basic sesame').send(coupon),
  ];
  for (const one of tries) expect((await one).status).toBe(401);
  expect((await world.agent.get('/coupons/Q4')).status).toBe(404);
});

test('a code is given once, and in each app anew', async ({ world }) => {
  expect((await world.coupon()).status).toBe(201);
  const again = await world.coupon();
  expect(again).toMatchObject({ status: 409, body: { error: 'exists' } });
  expect((await new World().coupon()).status).toBe(201);
});

test.for([
  [{ code: 'A'.repeat(20), limit: 1_000_000, percent: 100, endsAt: 0 }, 201],
  [{ endsAt: Number.MAX_SAFE_INTEGER, percent: 1 }, 201],
  [{ code: 'A'.repeat(21) }, 422],
  [{ code: 'Ä' }, 422],
  [{ code: 7 }, 422],
  [{ percent: 101 }, 422],
  [{ percent: 0 }, 422],
  [{ percent: '15' }, 422],
  [{ limit: 0 }, 422],
  [{ limit: 1_000_001 }, 422],
  [{ endsAt: -1 }, 422],
  [{ endsAt: 0.5 }, 422],
  [{ endsAt: null }, 422],
] as const)('with %j the answer is %i', async ([changes, status], { world }) => {
  const { body, status: got } = await world.coupon(changes);
  expect(got).toBe(status);
  if (status === 422) expect(body).toMatchObject({ error: 'invalid' });
});
