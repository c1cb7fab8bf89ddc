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

describe('coupons', () => {
  test('create', async () => {
    await create().expect(201);
  });

  test('create twice', async () => {
    await create().expect(201);
    await create().expect(409);
  });

  test('create without rights', async () => {
    await request(app).post('/coupons').send(COUPON).expect(401);
    await create({}, 'let-me-out').expect(401);
  });

  test('create what is no coupon', async () => {
    await create({ percent: 101 }).expect(422);
    await create({ limit: 0 }).expect(422);
  });

  test('get', async () => {
    await request(app).get('/coupons/SPRING').expect(404);
    await create();
    await request(app).get('/coupons/SPRING').expect(200);
  });
});

describe('redemptions', () => {
  beforeEach(async () => {
    await create().expect(201);
  });

  test('redeem', async () => {
    await redeem().expect(201);
  });

  test('redeem when the payment fails', async () => {
    charge.mockRejectedValue(new Error('card declined'));
    await redeem().expect(502);
  });

  test('redeem the last one', async () => {
    await redeem('order-0').expect(201);
    let pay = (_payment: { paymentId: string }): void => {};
    charge.mockReturnValueOnce(new Promise((resolve) => (pay = resolve)));
    const first = redeem('order-1').then((response) => response);
    await vi.waitFor(() => expect(charge).toHaveBeenCalledTimes(2));
    await redeem('order-2').expect(409);
    pay({ paymentId: 'pay-1' });
    expect((await first).status).toBe(201);
  });

  test('redeem too late', async () => {
    now = COUPON.endsAt;
    await redeem().expect(410);
  });

  test('redeem nothing', async () => {
    await redeem('').expect(422);
  });
});
