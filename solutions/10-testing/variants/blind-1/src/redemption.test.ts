import { describe, expect, test } from 'vitest';
import { appIn, create, expectAnswer, read, redeem, remaining, shopWith, SPRING } from './api.ts';
import type { App } from './api.ts';
import { fails, newWorld, pays } from './fakes.ts';
import type { World } from './fakes.ts';

describe('a redemption takes', () => {
  test.each([{ amount: 1 }, { amount: 1_000_000_000 }, { orderId: '1' }])('%j', async (part) => {
    const { app } = await shopWith();
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100, ...part }), 201);
  });

  test.each([
    { orderId: '' },
    { orderId: 5 },
    { orderId: null },
    { orderId: undefined },
    { amount: 0 },
    { amount: -1 },
    { amount: 1.5 },
    { amount: '100' },
    { amount: undefined },
  ])('and answers 422 to %o', async (part) => {
    const { app } = await shopWith();
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100, ...part }), 422);
  });
});

const SUMS = [
  { amount: 1_000, percent: 25, charged: 750 },
  { amount: 50, percent: 25, charged: 37 },
  { amount: 50, percent: 29, charged: 35 },
  { amount: 10, percent: 4, charged: 10 },
  { amount: 10, percent: 6, charged: 9 },
  { amount: 250, percent: 1, charged: 247 },
  { amount: 249, percent: 1, charged: 247 },
  { amount: 999, percent: 100, charged: 0 },
  { amount: 1_000_000_000, percent: 1, charged: 990_000_000 },
];

describe('1. the answer of a redemption', () => {
  test.each(SUMS)('$percent percent less of $amount are $charged', async ({ amount, percent, charged }) => {
    const { app } = await shopWith({ percent });
    const answer = await redeem(app, { orderId: 'o-1', amount });
    expectAnswer(answer, 201);
    expect(answer.body).toMatchObject({ orderId: 'o-1', charged, paymentId: 'pay-77' });
  });

  test('has the payment that the gateway named', async () => {
    const { world, app } = await shopWith();
    world.onCharge = async ({ idempotencyKey }) => ({ paymentId: `paid-${idempotencyKey}` });
    expect((await redeem(app, { orderId: 'o-1', amount: 10 })).body).toMatchObject({ paymentId: 'paid-o-1' });
    expect((await redeem(app, { orderId: 'o-2', amount: 10 })).body).toMatchObject({ paymentId: 'paid-o-2' });
  });
});

describe('2. the state after a redemption', () => {
  test('remaining is one less each time', async () => {
    const { app } = await shopWith({ limit: 3 });
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }), 201);
    expect(await remaining(app)).toBe(2);
    expectAnswer(await redeem(app, { orderId: 'o-2', amount: 100 }), 201);
    expect(await remaining(app)).toBe(1);
    expectAnswer(await redeem(app, { orderId: 'o-3', amount: 100 }), 201);
    expect(await remaining(app)).toBe(0);
  });

  test('another coupon is as before', async () => {
    const { app } = await shopWith();
    await create(app, { ...SPRING, code: 'FALL', limit: 5 });
    await redeem(app, { orderId: 'o-1', amount: 100 });
    expect(await remaining(app, 'FALL')).toBe(5);
  });
});

describe('3. the call of a redemption', () => {
  test.each(SUMS)('the gateway takes $charged once ($amount, $percent)', async ({ amount, percent, charged }) => {
    const { world, app } = await shopWith({ percent });
    await redeem(app, { orderId: 'o-1', amount });
    expect(world.charges).toHaveLength(1);
    expect(world.charges[0]).toMatchObject({ amount: charged, idempotencyKey: 'o-1' });
  });

  test.each(['o-1', 'order 4711', 'ÄÖ'])('the key is the order %s', async (orderId) => {
    const { world, app } = await shopWith();
    await redeem(app, { orderId, amount: 100 });
    expect(world.charges.map(({ idempotencyKey }) => idempotencyKey)).toEqual([orderId]);
  });

  test('two orders have two keys', async () => {
    const { world, app } = await shopWith();
    await redeem(app, { orderId: 'o-1', amount: 100 });
    await redeem(app, { orderId: 'o-2', amount: 200 });
    expect(world.charges).toMatchObject([
      { amount: 75, idempotencyKey: 'o-1' },
      { amount: 150, idempotencyKey: 'o-2' },
    ]);
  });
});

describe('4. the event of a redemption', () => {
  test.each([
    { code: 'SPRING', orderId: 'o-1', amount: 1_000, charged: 750 },
    { code: 'FALL', orderId: 'o-2', amount: 50, charged: 37 },
  ])('is published once for $orderId', async ({ code, orderId, amount, charged }) => {
    const { world, app } = await shopWith({ code });
    await redeem(app, { orderId, amount }, code);
    expect(world.events).toHaveLength(1);
    expect(world.events[0]).toMatchObject({ type: 'coupon.redeemed', code, orderId, charged });
  });
});

describe('5. the log of a redemption', () => {
  test.each(['o-1', 'o-2'])('has an entry of the level info for %s', async (orderId) => {
    const { world, app } = await shopWith();
    await redeem(app, { orderId, amount: 100 });
    expect(world.logged('info', orderId)).toBe(true);
  });
});

/** None of the five doors but the answer. Log entries are free on other occasions. */
async function expectNothingHappened(world: World, app: App, left: number): Promise<void> {
  expect(world.charges).toEqual([]);
  expect(world.events).toEqual([]);
  expect(await remaining(app)).toBe(left);
}

describe('from endsAt on', () => {
  test.each([2_000, 2_001, 4_102_444_800_000])('at %d it answers 410, and nothing happens', async (time) => {
    const { world, app } = await shopWith();
    world.time = time;
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }), 410, 'expired');
    await expectNothingHappened(world, app, 2);
  });

  test.each([0, 1_999])('at %d it is not over yet', async (time) => {
    const { world, app } = await shopWith();
    world.time = time;
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }), 201);
  });

  test('a coupon of the far future is over when the clock says so', async () => {
    const { world, app } = await shopWith({ endsAt: 32_503_680_000_000 });
    world.time = 32_503_679_999_999;
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }), 201);
    world.time = 32_503_680_000_000;
    expectAnswer(await redeem(app, { orderId: 'o-2', amount: 100 }), 410, 'expired');
  });

  test.each([
    [1_999, 201],
    [2_000, 410],
  ])('at %d of a clock that takes its time: %d', async (time, status) => {
    const world = newWorld();
    world.clock.now = async () => world.time;
    const app = appIn(world);
    await create(app, SPRING);
    world.time = time;
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }), status);
  });
});

describe('with nothing remaining', () => {
  test.each([1, 2, 3])('after %d redemptions it answers 409, and nothing happens', async (limit) => {
    const { world, app } = await shopWith({ limit });
    for (let i = 1; i <= limit; i += 1) {
      expectAnswer(await redeem(app, { orderId: `o-${i}`, amount: 100 }), 201);
    }
    world.forget();
    expectAnswer(await redeem(app, { orderId: 'o-late', amount: 100 }), 409, 'used_up');
    await expectNothingHappened(world, app, 0);
  });
});

describe('for an unknown code', () => {
  test('it answers 404, and nothing happens', async () => {
    const { world, app } = await shopWith();
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }, 'NOSUCH'), 404);
    await expectNothingHappened(world, app, 2);
  });
});

describe('at the same time', () => {
  test.each([
    { limit: 1, statuses: [201, 409] },
    { limit: 1, statuses: [201, 409, 409, 409] },
    { limit: 2, statuses: [201, 201, 409] },
  ])('with $limit remaining the answers are $statuses', async ({ limit, statuses }) => {
    const { world, app } = await shopWith({ limit });
    const elsewhere = appIn(newWorld());
    // While the gateway works, other requests of the same program are answered. So the program had the chance to look at
    // all of these; and nobody waits for an answer that a careful program holds back until the first order is paid.
    world.onCharge = async (order) => {
      for (let i = 0; i < 3; i += 1) await read(elsewhere, 'NOSUCH');
      return pays(order);
    };
    const answers = await Promise.all(statuses.map((_, i) => redeem(app, { orderId: `o-${i}`, amount: 100 })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual(statuses);
    expect(world.charges).toHaveLength(limit);
    expect(world.events).toHaveLength(limit);
    expect(await remaining(app)).toBe(0);
  });

  test('two coupons do not stand in each other’s way', async () => {
    const { app } = await shopWith({ limit: 1 });
    await create(app, { ...SPRING, code: 'FALL', limit: 1 });
    const answers = await Promise.all([
      redeem(app, { orderId: 'o-1', amount: 100 }),
      redeem(app, { orderId: 'o-2', amount: 100 }, 'FALL'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  });
});

describe('when the gateway rejects', () => {
  test('the answer is 502', async () => {
    const { world, app } = await shopWith();
    world.onCharge = fails;
    expectAnswer(await redeem(app, { orderId: 'o-1', amount: 100 }), 502, 'payment_failed');
  });

  test.each([1, 2])('of %d remaining all remain, and nothing is published', async (limit) => {
    const { world, app } = await shopWith({ limit });
    world.onCharge = fails;
    await redeem(app, { orderId: 'o-1', amount: 100 });
    expect(await remaining(app)).toBe(limit);
    expect(world.events).toEqual([]);
  });

  test.each(['o-1', 'o-2'])('the log has an entry of the level error for %s', async (orderId) => {
    const { world, app } = await shopWith();
    world.onCharge = fails;
    await redeem(app, { orderId, amount: 100 });
    expect(world.logged('error', orderId)).toBe(true);
  });

  test('the last one is still there for the next order', async () => {
    const { world, app } = await shopWith({ limit: 1 });
    world.onCharge = fails;
    await redeem(app, { orderId: 'o-1', amount: 100 });
    world.onCharge = pays;
    expectAnswer(await redeem(app, { orderId: 'o-2', amount: 100 }), 201);
    expect(await remaining(app)).toBe(0);
  });
});
