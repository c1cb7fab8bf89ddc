import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startProgram } from './subject.ts';

const NOW = Date.UTC(2001, 8, 9);
const now = vi.fn<() => number>();
const charge = vi.fn<(order: { amount: number; idempotencyKey: string }) => Promise<{ paymentId: string }>>();
const publish = vi.fn<(event: unknown) => void>();
const log = vi.fn<(entry: unknown) => void>();
const outside = { clock: { now }, gateway: { charge }, publish, log };

type Program = Awaited<ReturnType<typeof startProgram>>;
const running = new Set<Program>();

async function start(env: Record<string, string>): Promise<Program> {
  const program = await startProgram(env, outside);
  running.add(program);
  return program;
}

async function stop(program: Program): Promise<void> {
  running.delete(program);
  await program.stop();
}

const post = (url: string, body: unknown, token?: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

beforeEach(() => {
  vi.resetAllMocks();
  now.mockReturnValue(NOW);
  charge.mockResolvedValue({ paymentId: 'pay-7' });
});

afterEach(async () => {
  for (const program of running) await stop(program);
});

describe('the whole program', () => {
  test('serves a coupon from its creation to its last redemption', async () => {
    const program = await start({ ADMIN_TOKEN: 'blue-door' });
    const coupons = `${program.url}/coupons`;
    const spring = { code: 'SPRING', percent: 25, limit: 1, endsAt: NOW + 10 };

    expect((await post(coupons, spring, 'red-door')).status).toBe(401);
    expect((await post(coupons, spring)).status).toBe(401);
    expect((await fetch(`${coupons}/SPRING`)).status).toBe(404);
    const made = await post(coupons, spring, 'blue-door');
    expect([made.status, made.headers.get('location')]).toEqual([201, '/coupons/SPRING']);

    const redeemed = await post(`${coupons}/SPRING/redemptions`, { orderId: 'o-1', amount: 1000 });
    expect(redeemed.status).toBe(201);
    expect(await redeemed.json()).toEqual(
      expect.objectContaining({ orderId: 'o-1', charged: 750, paymentId: 'pay-7' }),
    );
    expect(charge).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ amount: 750, idempotencyKey: 'o-1' }),
    );
    expect(publish).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'coupon.redeemed', code: 'SPRING', orderId: 'o-1', charged: 750 }),
    );
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ level: 'info', orderId: 'o-1' }));
    expect(await (await fetch(`${coupons}/SPRING`)).json()).toEqual({
      code: 'SPRING',
      percent: 25,
      remaining: 0,
      endsAt: NOW + 10,
    });
    expect((await post(`${coupons}/SPRING/redemptions`, { orderId: 'o-2', amount: 1000 })).status).toBe(409);
  });

  test('takes the token of its settings, and is gone after stop', async () => {
    const program = await start({ ADMIN_TOKEN: 'red-door' });
    const coupons = `${program.url}/coupons`;
    const coupon = { code: 'A', percent: 1, limit: 1, endsAt: NOW + 10 };
    expect((await post(coupons, coupon, 'blue-door')).status).toBe(401);
    expect((await post(coupons, coupon, 'red-door')).status).toBe(201);
    await stop(program);
    await expect(fetch(`${coupons}/A`)).rejects.toThrow();
  });

  test.each([{}, { ADMIN_TOKEN: '' }])('does not start with the settings %j', async (env) => {
    await expect(start(env as Record<string, string>)).rejects.toThrow();
  });
});
