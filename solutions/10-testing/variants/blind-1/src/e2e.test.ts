import { describe, expect, test } from 'vitest';
import { newWorld, outsideOf } from './fakes.ts';
import type { World } from './fakes.ts';
import { startProgram } from './subject.ts';

const SPRING = { code: 'SPRING', percent: 25, limit: 2, endsAt: 2_000 };

/** Starts the program, does something with it, and stops it whatever happens. */
async function withProgram<T>(
  env: Record<string, string>,
  world: World,
  act: (url: string) => Promise<T>,
): Promise<T> {
  const program = await startProgram(env, outsideOf(world));
  try {
    return await act(program.url);
  } finally {
    await program.stop();
  }
}

async function post(url: string, path: string, body: object, token?: string): Promise<{ status: number; body: unknown }> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  const response = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

describe('the whole program', () => {
  test('makes a coupon, redeems it, and shows what remains', async () => {
    const world = newWorld();
    await withProgram({ ADMIN_TOKEN: 'open-sesame' }, world, async (url) => {
      expect((await post(url, '/coupons', SPRING, 'open-sesame')).status).toBe(201);
      world.forget();

      const redemption = await post(url, '/coupons/SPRING/redemptions', { orderId: 'o-1', amount: 50 });
      expect(redemption.status).toBe(201);
      expect(redemption.body).toMatchObject({ orderId: 'o-1', charged: 37, paymentId: 'pay-77' });

      const coupon = await fetch(new URL('/coupons/SPRING', url));
      expect(coupon.status).toBe(200);
      expect(await coupon.json()).toEqual({ code: 'SPRING', percent: 25, remaining: 1, endsAt: 2_000 });
    });
    expect(world.charges).toMatchObject([{ amount: 37, idempotencyKey: 'o-1' }]);
    expect(world.events).toMatchObject([
      { type: 'coupon.redeemed', code: 'SPRING', orderId: 'o-1', charged: 37 },
    ]);
    expect(world.logged('info', 'o-1')).toBe(true);
  });

  test('asks the clock that it was given', async () => {
    const world = newWorld();
    await withProgram({ ADMIN_TOKEN: 'open-sesame' }, world, async (url) => {
      await post(url, '/coupons', SPRING, 'open-sesame');
      world.time = 2_000;
      const late = await post(url, '/coupons/SPRING/redemptions', { orderId: 'o-1', amount: 50 });
      expect(late).toMatchObject({ status: 410, body: { error: 'expired' } });
    });
  });
});

describe('ADMIN_TOKEN', () => {
  test.each(['first-token', 'second-token'])('%s is the one that counts', async (token) => {
    await withProgram({ ADMIN_TOKEN: token }, newWorld(), async (url) => {
      expect((await post(url, '/coupons', SPRING)).status).toBe(401);
      expect((await post(url, '/coupons', SPRING, 'third-token')).status).toBe(401);
      expect((await post(url, '/coupons', SPRING, token)).status).toBe(201);
    });
  });

  test.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['is empty', { ADMIN_TOKEN: '' }],
  ])('the program does not start when it %s', async (_name, env) => {
    const start = withProgram(env, newWorld(), async () => 'it started');
    await expect(start).rejects.toThrow();
  });
});

describe('stop()', () => {
  test('ends the program', async () => {
    const url = await withProgram({ ADMIN_TOKEN: 'open-sesame' }, newWorld(), async (running) => {
      const answer = await fetch(new URL('/coupons/NOSUCH', running));
      await answer.text();
      expect(answer.status).toBe(404);
      return running;
    });
    await expect(fetch(new URL('/coupons/NOSUCH', url))).rejects.toThrow();
  });
});
