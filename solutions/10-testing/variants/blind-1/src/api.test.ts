import { describe, expect, test } from 'vitest';
import { appIn, create, expectAnswer, read, redeem, remaining, shopWith, SPRING, TOKEN } from './api.ts';
import { newWorld } from './fakes.ts';

describe('a new app', () => {
  test('has coupons of its own', async () => {
    const { app } = await shopWith();
    const other = appIn(newWorld());
    expectAnswer(await read(other, 'SPRING'), 404, 'not_found');
    expectAnswer(await create(other, { ...SPRING, limit: 9 }), 201);
    expect(await remaining(app)).toBe(2);
    expect(await remaining(other)).toBe(9);
  });
});

describe('POST /coupons with the token', () => {
  test('answers 201, the Location and the coupon, with exactly its four fields', async () => {
    const answer = await create(appIn(newWorld()), SPRING);
    expectAnswer(answer, 201);
    expect(answer.headers['location']).toBe('/coupons/SPRING');
    expect(answer.body).toEqual({ code: 'SPRING', percent: 25, remaining: 2, endsAt: 2_000 });
  });

  test.each([
    { code: 'A' },
    { code: '7' },
    { code: 'ABCDEFGHIJKLMNOPQRST' },
    { code: 'UVWXYZ0123456789' },
    { percent: 1 },
    { percent: 100 },
    { limit: 1 },
    { limit: 1_000_000 },
    { endsAt: 0 },
    { endsAt: 4_102_444_800_000 },
  ])('accepts %j', async (part) => {
    const { limit, ...rest } = { ...SPRING, ...part };
    const answer = await create(appIn(newWorld()), { limit, ...rest });
    expectAnswer(answer, 201);
    expect(answer.headers['location']).toBe(`/coupons/${rest.code}`);
    expect(answer.body).toEqual({ ...rest, remaining: limit });
  });
});

describe('POST /coupons without the token, or with another one', () => {
  test.each([
    null,
    'Bearer',
    'Bearer wrong',
    'Bearer undefined',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer x${TOKEN}`,
    `Bearer ${TOKEN.toUpperCase()}`,
  ])('answers 401 and makes no coupon: %s', async (authorization) => {
    const app = appIn(newWorld());
    expectAnswer(await create(app, SPRING, authorization), 401);
    expectAnswer(await read(app, 'SPRING'), 404, 'not_found');
  });

  test('answers 401 to the token of another app', async () => {
    const app = appIn(newWorld(), 'another-token');
    expectAnswer(await create(app, SPRING), 401);
    expectAnswer(await create(app, SPRING, 'Bearer another-token'), 201);
  });
});

describe('POST /coupons with a wrong field', () => {
  test.each([
    { code: '' },
    { code: 'ABCDEFGHIJKLMNOPQRSTU' },
    { code: 'spring' },
    { code: 'SPRINg' },
    { code: 'A B' },
    { code: 'A-B' },
    { code: 'Ä' },
    { code: 'A\n' },
    { code: 7 },
    { code: null },
    { code: undefined },
    { percent: 0 },
    { percent: -1 },
    { percent: 101 },
    { percent: 12.5 },
    { percent: '25' },
    { percent: null },
    { percent: undefined },
    { limit: 0 },
    { limit: -1 },
    { limit: 1.5 },
    { limit: '2' },
    { limit: undefined },
    { endsAt: -1 },
    { endsAt: 1.5 },
    { endsAt: '2000' },
    { endsAt: null },
    { endsAt: undefined },
  ])('answers 422: %o', async (part) => {
    expectAnswer(await create(appIn(newWorld()), { ...SPRING, ...part }), 422, 'invalid');
  });
});

describe('POST /coupons with a code that exists', () => {
  test('answers 409, and the coupon stays', async () => {
    const { app } = await shopWith();
    expectAnswer(await create(app, { ...SPRING, percent: 50, limit: 7 }), 409, 'exists');
    expect((await read(app, 'SPRING')).body).toEqual({ code: 'SPRING', percent: 25, remaining: 2, endsAt: 2_000 });
  });

  test('accepts another code', async () => {
    const { app } = await shopWith();
    expectAnswer(await create(app, { ...SPRING, code: 'SPRING2' }), 201);
  });
});

describe('GET /coupons/CODE', () => {
  test('answers 200 and exactly the four fields of the coupon', async () => {
    const { app } = await shopWith();
    const answer = await read(app, 'SPRING');
    expectAnswer(answer, 200);
    expect(answer.body).toEqual({ code: 'SPRING', percent: 25, remaining: 2, endsAt: 2_000 });
  });

  test('shows no more after a redemption', async () => {
    const { app } = await shopWith();
    await redeem(app, { orderId: 'o-1', amount: 100 });
    expect((await read(app, 'SPRING')).body).toEqual({ code: 'SPRING', percent: 25, remaining: 1, endsAt: 2_000 });
  });

  test('finds the right one of two', async () => {
    const { app } = await shopWith();
    await create(app, { ...SPRING, code: 'FALL', percent: 5 });
    expect((await read(app, 'SPRING')).body).toMatchObject({ code: 'SPRING', percent: 25 });
    expect((await read(app, 'FALL')).body).toMatchObject({ code: 'FALL', percent: 5 });
  });

  test('answers 404 for an unknown code', async () => {
    const { app } = await shopWith();
    expectAnswer(await read(app, 'NOSUCH'), 404, 'not_found');
  });
});

