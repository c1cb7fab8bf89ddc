import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { createApp } from './subject.js';

const DAY = 86_400_000;
const TODAY = Date.UTC(2024, 1, 29);

class Till {
  readonly orders: unknown[] = [];
  works = true;

  async charge(order: { amount: number; idempotencyKey: string }): Promise<{ paymentId: string }> {
    this.orders.push(order);
    if (!this.works) throw new Error('the bank said no');
    return { paymentId: `paid-${this.orders.length}` };
  }
}

class Notebook {
  readonly pages: Record<string, unknown>[] = [];
  write = (page: unknown): void => {
    this.pages.push(page as Record<string, unknown>);
  };
}

class Shop {
  readonly gateway = new Till();
  readonly events = new Notebook();
  readonly entries = new Notebook();
  private server: Server | null = null;

  async open(): Promise<void> {
    const clock = { now: () => Date.now() };
    const { gateway, events, entries } = this;
    const app = createApp({ clock, gateway, publish: events.write, log: entries.write, adminToken: 'keys' });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    this.server = app;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  async ask(
    method: string,
    path: string,
    body?: object,
    token?: string,
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
    const { port } = (this.server as Server).address() as AddressInfo;
    const headers = new Headers({ 'content-type': 'application/json' });
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    assert.equal(type.split(';')[0]?.trim().toLowerCase(), 'application/json');
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
  }

  make(changes: object = {}, token = 'keys') {
    return this.ask(
      'POST',
      '/coupons',
      { code: 'LEAP29', percent: 30, limit: 3, endsAt: TODAY + DAY, ...changes },
      token,
    );
  }

  redeem(orderId: unknown, amount: unknown = 2_995) {
    return this.ask('POST', '/coupons/LEAP29/redemptions', { orderId, amount });
  }

  look() {
    return this.ask('GET', '/coupons/LEAP29');
  }
}

let shop: Shop;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: TODAY });
  shop = new Shop();
  await shop.open();
});

afterEach(async () => {
  await shop.close();
  vi.useRealTimers();
});

describe('making a coupon', () => {
  it('answers with it and with its address', async () => {
    const { status, headers, body } = await shop.make();
    assert.equal(status, 201);
    assert.equal(headers.get('location'), '/coupons/LEAP29');
    assert.deepEqual(body, { code: 'LEAP29', percent: 30, remaining: 3, endsAt: TODAY + DAY });
  });

  it('needs the token', async () => {
    assert.equal((await shop.make({}, 'other keys')).status, 401);
    assert.equal(
      (await shop.ask('POST', '/coupons', { code: 'LEAP29', percent: 1, limit: 1, endsAt: 1 })).status,
      401,
    );
    assert.equal((await shop.look()).status, 404);
  });

  it('needs a code that is free', async () => {
    await shop.make();
    const { status, body } = await shop.make({ percent: 99 });
    assert.deepEqual([status, body['error']], [409, 'exists']);
  });

  for (const changes of [
    { code: 'leap' },
    { code: '' },
    { percent: 0 },
    { percent: 100.5 },
    { limit: 1_000_001 },
    { endsAt: -1 },
    { endsAt: '9' },
  ])
    it(`is refused with ${JSON.stringify(changes)}`, async () => {
      const { status, body } = await shop.make(changes);
      assert.deepEqual([status, body['error']], [422, 'invalid']);
    });
});

describe('looking at a coupon', () => {
  it('shows four fields', async () => {
    await shop.make();
    const { status, body } = await shop.look();
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body).toSorted(), ['code', 'endsAt', 'percent', 'remaining']);
  });

  it('finds no other', async () => {
    const { status, body } = await shop.look();
    assert.deepEqual([status, body['error']], [404, 'not_found']);
  });
});

describe('redeeming a coupon', () => {
  beforeEach(() => shop.make());

  it('passes five doors', async () => {
    const { status, body } = await shop.redeem('o-1');
    // 30 % of 2995 is 898.5.
    assert.deepEqual([status, body], [201, { orderId: 'o-1', charged: 2_096, paymentId: 'paid-1' }]);
    assert.equal((await shop.look()).body['remaining'], 2);
    assert.deepEqual(shop.gateway.orders, [{ amount: 2_096, idempotencyKey: 'o-1' }]);
    assert.deepEqual(shop.events.pages, [
      { type: 'coupon.redeemed', code: 'LEAP29', orderId: 'o-1', charged: 2_096 },
    ]);
    assert.ok(shop.entries.pages.some(({ level, orderId }) => level === 'info' && orderId === 'o-1'));
  });

  it('gives back what could not be paid', async () => {
    shop.gateway.works = false;
    const { status, body } = await shop.redeem('o-2');
    assert.deepEqual([status, body['error']], [502, 'payment_failed']);
    assert.equal((await shop.look()).body['remaining'], 3);
    assert.deepEqual(shop.events.pages, []);
    assert.ok(shop.entries.pages.some(({ level, orderId }) => level === 'error' && orderId === 'o-2'));
  });

  it('works three times, however many ask at once', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((orderId) => shop.redeem(orderId)));
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 201, 201, 409, 409],
    );
    assert.equal(shop.gateway.orders.length, 3);
  });

  it('ends when the coupon ends', async () => {
    vi.setSystemTime(TODAY + DAY - 1);
    assert.equal((await shop.redeem('o-3')).status, 201);
    vi.setSystemTime(TODAY + DAY);
    const { status, body } = await shop.redeem('o-4');
    assert.deepEqual([status, body['error']], [410, 'expired']);
    assert.equal(shop.gateway.orders.length, 1);
  });

  for (const [orderId, amount] of [
    ['', 100],
    [7, 100],
    ['o', 0],
    ['o', 1_000_000_001],
    ['o', 9.5],
  ])
    it(`is refused for ${JSON.stringify({ orderId, amount })}`, async () => {
      assert.equal((await shop.redeem(orderId, amount)).status, 422);
      assert.deepEqual(shop.gateway.orders, []);
    });
});
