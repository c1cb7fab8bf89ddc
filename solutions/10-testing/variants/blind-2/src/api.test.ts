import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Server } from 'node:http';
import request from 'supertest';
import { createApp } from './subject.ts';

const NOW = Date.UTC(2001, 8, 9);
const END = NOW + 1000;
const TOKEN = 'the-admin-token';
const JSON_TYPE = /^application\/json\s*(;|$)/i;

const charge = vi.fn<(order: { amount: number; idempotencyKey: string }) => Promise<{ paymentId: string }>>();
const publish = vi.fn<(event: unknown) => Promise<void>>();
const log = vi.fn<(entry: unknown) => void>();

const newApp = () =>
  createApp({ clock: { now: () => Date.now() }, gateway: { charge }, publish, log, adminToken: TOKEN });

let app: Server;
let shop: ReturnType<typeof request.agent>;
let admin: ReturnType<typeof request.agent>;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.resetAllMocks();
  charge.mockImplementation(async ({ idempotencyKey }) => ({ paymentId: `pay-${idempotencyKey}` }));
  app = newApp();
  shop = request.agent(app);
  admin = request.agent(app).set('Authorization', `Bearer ${TOKEN}`);
});

afterEach(async () => {
  if (app.listening) await new Promise((closed) => app.close(closed));
  vi.useRealTimers();
});

const draft = (rest: object = {}) => ({ code: 'SPRING', percent: 25, limit: 2, endsAt: END, ...rest });
const create = (rest: object = {}) =>
  admin.post('/coupons').send(draft(rest)).expect('Content-Type', JSON_TYPE);
const look = (code = 'SPRING') => shop.get(`/coupons/${code}`).expect('Content-Type', JSON_TYPE);
const redeem = (body: object = {}, code = 'SPRING') =>
  shop
    .post(`/coupons/${code}/redemptions`)
    .send({ orderId: 'o-1', amount: 1010, ...body })
    .expect('Content-Type', JSON_TYPE);
const remaining = async (code = 'SPRING') => (await look(code).expect(200)).body.remaining;

const redemptionLogged = (orderId: string) => expect.objectContaining({ level: 'info', orderId });
const anError = expect.objectContaining({ error: expect.any(String) });
const theError = (error: string) => expect.objectContaining({ error });

describe('a redemption', () => {
  test('leaves by five doors, until the coupon is used up', async () => {
    await create().expect(201);

    const first = await redeem().expect(201);
    // A quarter of 1010 is 252.5, so 253 are taken off.
    expect(first.body).toEqual(
      expect.objectContaining({ orderId: 'o-1', charged: 757, paymentId: 'pay-o-1' }),
    );
    expect((await look()).body).toEqual({ code: 'SPRING', percent: 25, remaining: 1, endsAt: END });
    expect(charge).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ amount: 757, idempotencyKey: 'o-1' }),
    );
    expect(publish).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'coupon.redeemed', code: 'SPRING', orderId: 'o-1', charged: 757 }),
    );
    expect(log).toHaveBeenCalledWith(redemptionLogged('o-1'));

    const second = await redeem({ orderId: 'o-2', amount: 1 }).expect(201);
    expect(second.body).toEqual(
      expect.objectContaining({ orderId: 'o-2', charged: 1, paymentId: 'pay-o-2' }),
    );
    expect(await remaining()).toBe(0);
    expect(charge).toHaveBeenLastCalledWith(expect.objectContaining({ amount: 1, idempotencyKey: 'o-2' }));
    expect(log).toHaveBeenCalledWith(redemptionLogged('o-2'));

    const third = await redeem({ orderId: 'o-3' }).expect(409);
    expect(third.body).toEqual(theError('used_up'));
    expect(await remaining()).toBe(0);
    expect(charge).toHaveBeenCalledTimes(2);
    expect(publish).toHaveBeenCalledTimes(2);
    expect(log).not.toHaveBeenCalledWith(redemptionLogged('o-3'));
  });

  test('is possible until the last millisecond, and then no more', async () => {
    await create().expect(201);
    vi.advanceTimersByTime(999);
    await redeem().expect(201);
    vi.advanceTimersByTime(1);
    expect((await redeem({ orderId: 'o-2' }).expect(410)).body).toEqual(theError('expired'));
    vi.advanceTimersByTime(1);
    expect((await redeem({ orderId: 'o-3' }).expect(410)).body).toEqual(theError('expired'));

    expect(await remaining()).toBe(1);
    expect(charge).toHaveBeenCalledOnce();
    expect(publish).toHaveBeenCalledOnce();
    expect(log).not.toHaveBeenCalledWith(redemptionLogged('o-2'));
  });

  test('of an unknown coupon is 404, and nothing happens', async () => {
    await create().expect(201);
    expect((await redeem({}, 'WINTER').expect(404)).body).toEqual(anError);
    expect(await remaining()).toBe(2);
    expect(charge).not.toHaveBeenCalled();
    expect(publish).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalledWith(redemptionLogged('o-1'));
  });

  test('that the gateway refuses costs nobody anything', async () => {
    await create({ limit: 1 }).expect(201);
    charge.mockRejectedValueOnce(new Error('card declined'));

    expect((await redeem().expect(502)).body).toEqual(theError('payment_failed'));
    expect(await remaining()).toBe(1);
    expect(publish).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ level: 'error', orderId: 'o-1' }));

    await redeem({ orderId: 'o-2' }).expect(201);
    expect(await remaining()).toBe(0);
    expect(publish).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ orderId: 'o-2' }));
  });

  test('of the last one, wanted twice at the same moment, goes to one customer', async () => {
    await new Promise<void>((listening) => app.listen(0, '127.0.0.1', listening));
    await create({ limit: 1 }).expect(201);

    let pay = () => {};
    const paid = new Promise<void>((resolve) => (pay = resolve));
    const asked = new Promise<void>((resolve) => {
      charge.mockImplementation(async () => {
        resolve();
        await paid;
        return { paymentId: 'pay' };
      });
    });
    const both = Promise.all([redeem({ orderId: 'o-1' }), redeem({ orderId: 'o-2' })]);
    await asked;
    // The first payment is under way. While somebody looks around in another shop, the second customer arrives.
    const other = request(newApp());
    for (let visit = 0; visit < 5; visit += 1) await other.get('/coupons/NONE').expect(404);
    pay();

    const answers = await both;
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toEqual(theError('used_up'));
    expect(charge).toHaveBeenCalledOnce();
    expect(publish).toHaveBeenCalledOnce();
    expect(await remaining()).toBe(0);
  });

  test.each([
    [1010, 25, 757],
    [1030, 25, 772],
    [1009, 25, 757],
    [330, 35, 214],
    [1_000_000_000, 1, 990_000_000],
    [200, 100, 0],
  ])('of %i cents with %i percent off charges %i', async (amount, percent, charged) => {
    await create({ percent }).expect(201);
    expect((await redeem({ amount }).expect(201)).body).toEqual(expect.objectContaining({ charged }));
    expect(charge).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ amount: charged }));
  });

  test.each([
    { orderId: '' },
    { orderId: 7 },
    { orderId: undefined },
    { amount: 0 },
    { amount: 1_000_000_001 },
    { amount: 10.5 },
    { amount: '1000' },
    { amount: undefined },
  ])('with %o is 422, and takes no money', async (body) => {
    await create().expect(201);
    expect((await redeem(body).expect(422)).body).toEqual(anError);
    expect(charge).not.toHaveBeenCalled();
    expect(publish).not.toHaveBeenCalled();
    expect(await remaining()).toBe(2);
  });
});

describe('a coupon', () => {
  test('is created once, and seen by everybody', async () => {
    const made = await create().expect(201).expect('Location', '/coupons/SPRING');
    const seen = { code: 'SPRING', percent: 25, remaining: 2, endsAt: END };
    expect(made.body).toEqual(seen);
    expect((await look().expect(200)).body).toEqual(seen);

    expect((await create({ percent: 50, limit: 9 }).expect(409)).body).toEqual(theError('exists'));
    expect((await look().expect(200)).body).toEqual(seen);

    await create({ code: 'OTHER', limit: 1 }).expect(201).expect('Location', '/coupons/OTHER');
    await redeem({}, 'OTHER').expect(201);
    expect([await remaining('OTHER'), await remaining('SPRING')]).toEqual([0, 2]);
  });

  test('that nobody made is not found', async () => {
    expect((await look().expect(404)).body).toEqual(theError('not_found'));
  });

  test('belongs to one app', async () => {
    await create().expect(201);
    await request(newApp()).get('/coupons/SPRING').expect(404);
  });

  test.each([
    undefined,
    'Bearer another-token',
    `Bearer ${TOKEN}s`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    'Bearer ',
  ])('is not made with Authorization: %s', async (authorization) => {
    const asking = shop.post('/coupons');
    if (authorization !== undefined) asking.set('Authorization', authorization);
    const refused = await asking.send(draft()).expect(401).expect('Content-Type', JSON_TYPE);
    expect(refused.body).toEqual(anError);
    await look().expect(404);
  });

  test.each([
    { percent: 1 },
    { percent: 100 },
    { limit: 1 },
    { limit: 1_000_000 },
    { endsAt: 0 },
    { code: '7' },
    { code: 'ABCDEFGHIJ0123456789' },
    { code: 'ZA09' },
  ])('may have %o', async (rest) => {
    const { limit, ...others } = draft(rest);
    const made = await create(rest).expect(201);
    expect(made.body).toEqual({ ...others, remaining: limit });
  });

  test.each([
    { percent: 0 },
    { percent: 101 },
    { percent: 2.5 },
    { percent: '25' },
    { percent: undefined },
    { limit: 0 },
    { limit: 1_000_001 },
    { limit: 1.5 },
    { limit: undefined },
    { endsAt: -1 },
    { endsAt: NOW + 0.5 },
    { endsAt: '2030-01-01' },
    { endsAt: undefined },
  ])('may not have %o', async (rest) => {
    expect((await create(rest).expect(422)).body).toEqual(theError('invalid'));
    await look().expect(404);
  });

  test.each(['', 'ABCDEFGHIJ0123456789K', 'spring', 'SPRING-1', 'SPRING 1', 'ÄPFEL', 7, null, undefined])(
    'may not have the code %o',
    async (code) => {
      expect((await create({ code }).expect(422)).body).toEqual(theError('invalid'));
    },
  );
});
