import request from 'supertest';
import { expect, test, vi } from 'vitest';
import { createApp } from './subject.ts';

const NOW = Date.UTC(2026, 2, 1);
const coupon = { code: 'SPRING', percent: 25, limit: 2, endsAt: NOW + 1_000 };

let now = NOW;
const charge = vi.fn(async (_order: unknown) => ({ paymentId: 'pay-1' }));
const publish = vi.fn();
const log = vi.fn();
const clock = { now: () => now };
const app = createApp({ clock, gateway: { charge }, publish, log, adminToken: 'let-me-in' });
const path = '/coupons/SPRING/redemptions';

test('1 nobody else may create it', async () => {
  await request(app).post('/coupons').send(coupon).expect(401);
  await request(app).post('/coupons').set('Authorization', 'Bearer x').send(coupon).expect(401);
});

test('2 it is not there yet', async () => {
  await request(app).get('/coupons/SPRING').expect(404);
});

test('3 the admin creates it', async () => {
  const response = await request(app).post('/coupons').set('Authorization', 'Bearer let-me-in').send(coupon);
  expect(response.status).toBe(201);
  expect(response.headers['location']).toBe('/coupons/SPRING');
  expect(response.headers['content-type']).toMatch(/^application\/json/);
});

test('4 now it is there', async () => {
  const { body } = await request(app).get('/coupons/SPRING').expect(200);
  expect(body).toEqual({ code: 'SPRING', percent: 25, remaining: 2, endsAt: NOW + 1_000 });
});

test('5 the bank says no', async () => {
  charge.mockRejectedValueOnce(new Error('no'));
  await request(app).post(path).send({ orderId: 'order-1', amount: 1_002 }).expect(502);
  expect(log).toHaveBeenCalledWith(expect.objectContaining({ level: 'error', orderId: 'order-1' }));
  expect(publish).not.toHaveBeenCalled();
});

test('6 the first redemption', async () => {
  const { body } = await request(app).post(path).send({ orderId: 'order-2', amount: 1_002 }).expect(201);
  expect(body).toEqual({ orderId: 'order-2', charged: 751, paymentId: 'pay-1' });
  expect(charge).toHaveBeenLastCalledWith({ amount: 751, idempotencyKey: 'order-2' });
  const event = { type: 'coupon.redeemed', code: 'SPRING', orderId: 'order-2', charged: 751 };
  expect(publish).toHaveBeenLastCalledWith(event);
});

test('7 one is left', async () => {
  const { body } = await request(app).get('/coupons/SPRING').expect(200);
  expect(body).toMatchObject({ remaining: 1 });
});

test('8 two want the last one', async () => {
  const send = (orderId: string) => request(app).post(path).send({ orderId, amount: 1_002 });
  const answers = await Promise.all([send('order-3'), send('order-4')]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
});

test('9 another one has ended', async () => {
  const autumn = { ...coupon, code: 'AUTUMN' };
  await request(app).post('/coupons').set('Authorization', 'Bearer let-me-in').send(autumn).expect(201);
  now = NOW + 1_000;
  const order = { orderId: 'order-5', amount: 1_002 };
  await request(app).post('/coupons/AUTUMN/redemptions').send(order).expect(410);
});
