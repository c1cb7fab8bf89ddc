import request from 'supertest';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp } from './subject.ts';

const NOW = Date.UTC(2026, 2, 1);
const TOKEN = 'let-me-in';
const COUPON = { code: 'SPRING', percent: 25, limit: 2, endsAt: NOW + 1_000 };

let now: number;
let app: ReturnType<typeof createApp>;
const charge = vi.fn();
const publish = vi.fn();
const log = vi.fn();

beforeEach(() => {
  now = NOW;
  vi.resetAllMocks();
  charge.mockResolvedValue({ paymentId: 'pay-1' });
  app = createApp({ clock: { now: () => now }, gateway: { charge }, publish, log, adminToken: TOKEN });
});

const create = (fields: object = {}, token = TOKEN) =>
  request(app)
    .post('/coupons')
    .set('Authorization', `Bearer ${token}`)
    .send({ ...COUPON, ...fields });

const redeem = (orderId = 'order-1', amount = 1_002) =>
  request(app).post('/coupons/SPRING/redemptions').send({ orderId, amount });

const remaining = async (): Promise<unknown> => {
  const { body } = await request(app).get('/coupons/SPRING');
  return (body as { remaining: unknown }).remaining;
};

describe('POST /coupons', () => {
  test('answers 201, says where the coupon is, and shows it', async () => {
    const response = await create()
      .expect(201)
      .expect('Content-Type', /^application\/json/);
    expect(response.headers['location']).toBe('/coupons/SPRING');
    expect(response.body).toEqual({ code: 'SPRING', percent: 25, remaining: 2, endsAt: COUPON.endsAt });
  });

  test('refuses who brings no token, or another one, and makes nothing', async () => {
    await request(app).post('/coupons').send(COUPON).expect(401);
    await create({}, 'let-me-out').expect(401);
    await request(app).get('/coupons/SPRING').expect(404);
  });

  test('refuses what is no coupon', async () => {
    await create({ percent: 101 }).expect(422);
    await create({ limit: 0 }).expect(422);
  });

  test('refuses a code that is taken', async () => {
    await create().expect(201);
    const response = await create().expect(409);
    expect(response.body).toMatchObject({ error: 'exists' });
  });
});

describe('GET /coupons/CODE', () => {
  test('shows these four fields and no others', async () => {
    await create();
    const response = await request(app).get('/coupons/SPRING').expect(200);
    expect(response.body).toEqual({ code: 'SPRING', percent: 25, remaining: 2, endsAt: COUPON.endsAt });
  });

  test('answers 404 for a code that nobody made', async () => {
    const response = await request(app).get('/coupons/WINTER').expect(404).expect('Content-Type', /json/);
    expect(response.body).toMatchObject({ error: 'not_found' });
  });
});

describe('POST /coupons/CODE/redemptions', () => {
  beforeEach(async () => {
    await create().expect(201);
  });

  // The five exit doors of an operation: response, state, outgoing call, message, log.
  test('answers 201 with what was charged', async () => {
    const response = await redeem().expect(201);
    // A quarter of 1002 is 250.5, and half a cent is rounded up.
    expect(response.body).toEqual({ orderId: 'order-1', charged: 751, paymentId: 'pay-1' });
  });

  test('leaves one less', async () => {
    await redeem().expect(201);
    expect(await remaining()).toBe(1);
  });

  test('asks the gateway once, for the reduced amount, under the key of the order', async () => {
    await redeem();
    expect(charge.mock.calls).toEqual([[{ amount: 751, idempotencyKey: 'order-1' }]]);
  });

  test('tells the others', async () => {
    await redeem();
    const event = { type: 'coupon.redeemed', code: 'SPRING', orderId: 'order-1', charged: 751 };
    expect(publish.mock.calls).toEqual([[event]]);
  });

  test('is logged', async () => {
    await redeem();
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ level: 'info', orderId: 'order-1' }));
  });

  test('that cannot be paid answers 502, gives the coupon back, is logged, and tells nobody', async () => {
    charge.mockRejectedValue(new Error('card declined'));
    const response = await redeem().expect(502);
    expect(response.body).toMatchObject({ error: 'payment_failed' });
    expect(await remaining()).toBe(2);
    expect(publish).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ level: 'error', orderId: 'order-1' }));
  });

  test('of the last one works for one of two who come at the same time', async () => {
    await redeem('order-0').expect(201);
    // The first of the two is held at the gateway, so the second comes while nothing is decided: every time, not by luck.
    let pay = (_payment: { paymentId: string }): void => {};
    charge.mockReturnValueOnce(new Promise((resolve) => (pay = resolve)));
    const first = redeem('order-1').then((response) => response);
    await vi.waitFor(() => expect(charge).toHaveBeenCalledTimes(2));
    await redeem('order-2').expect(409);
    pay({ paymentId: 'pay-1' });
    expect((await first).status).toBe(201);
    expect(charge).toHaveBeenCalledTimes(2);
    expect(await remaining()).toBe(0);
  });

  test('works until the coupon ends, and not from then on', async () => {
    now = COUPON.endsAt - 1;
    await redeem('order-1').expect(201);
    now = COUPON.endsAt;
    await redeem('order-2').expect(410);
    expect(charge).toHaveBeenCalledTimes(1);
  });

  test('refuses what is no order', async () => {
    await redeem('').expect(422);
    expect(charge).not.toHaveBeenCalled();
  });
});
