import request from 'supertest';
import { expect } from 'vitest';
import { newWorld, outsideOf } from './fakes.ts';
import type { World } from './fakes.ts';
import { createApp } from './subject.ts';

export const TOKEN = 'open-sesame';
export const SPRING = { code: 'SPRING', percent: 25, limit: 2, endsAt: 2_000 };

export type App = ReturnType<typeof createApp>;
export type Answer = { status: number; headers: Record<string, string>; body: unknown };

export function appIn(world: World, adminToken = TOKEN): App {
  return createApp({ ...outsideOf(world), adminToken });
}

/** What holds for every answer of the API: JSON, and a short code of the error from 400 on. */
export function expectAnswer(answer: Answer, status: number, error?: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json\s*(;|$)/i);
  if (status >= 400) expect(answer.body).toMatchObject({ error: error ?? expect.stringMatching(/./) });
}

export async function create(app: App, body: object, authorization: string | null = `Bearer ${TOKEN}`): Promise<Answer> {
  const post = request(app).post('/coupons');
  return authorization === null ? post.send(body) : post.set('Authorization', authorization).send(body);
}

export async function read(app: App, code: string): Promise<Answer> {
  return request(app).get(`/coupons/${code}`);
}

export async function redeem(app: App, body: object, code = 'SPRING'): Promise<Answer> {
  return request(app).post(`/coupons/${code}/redemptions`).send(body);
}

/** A world in which nothing has happened yet but that one coupon was made. */
export async function shopWith(coupon: object = {}): Promise<{ world: World; app: App }> {
  const world = newWorld();
  const app = appIn(world);
  expectAnswer(await create(app, { ...SPRING, ...coupon }), 201);
  world.forget();
  return { world, app };
}

export async function remaining(app: App, code = 'SPRING'): Promise<unknown> {
  const answer = await read(app, code);
  expectAnswer(answer, 200);
  return (answer.body as { remaining?: unknown }).remaining;
}

