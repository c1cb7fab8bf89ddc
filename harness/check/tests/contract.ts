import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import { CART, MONEY } from './contract-data.ts';
import type { Sentence } from './contract-data.ts';

const NOW = 1_000_000;
const END = NOW + 1_000;

type Answer = { status: number; headers: IncomingHttpHeaders; body: Record<string, unknown> };

/** One app with fakes, on a port. */
class Shop {
  readonly charge = vi.fn<(order: object) => unknown>(() => ({ paymentId: 'p1' }));
  readonly publish = vi.fn<(event: object) => unknown>();
  readonly log = vi.fn<(entry: object) => unknown>();
  now = NOW;
  readonly outside = {
    clock: { now: () => this.now },
    gateway: { charge: this.charge },
    publish: this.publish,
    log: this.log,
  };
  private url = '';

  async ask(path: string, body?: unknown, authorization?: string): Promise<Answer> {
    const text = body === undefined ? null : JSON.stringify(body);
    const sent = request(this.url + path, {
      agent: false,
      timeout: 5_000,
      method: text === null ? 'GET' : 'POST',
      headers: authorization === undefined ? {} : { authorization },
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer came')));
    const [response] = (await once(sent.end(text ?? undefined), 'response')) as [IncomingMessage];
    let answer = '';
    for await (const chunk of response.setEncoding('utf8')) answer += String(chunk);
    const { statusCode: status = 0, headers } = response;
    return { status, headers, body: JSON.parse(answer) as Record<string, unknown> };
  }

  create = (changes: object = {}, authorization = 'Bearer secret') =>
    this.ask('/coupons', { code: 'A', percent: 25, limit: 2, endsAt: END, ...changes }, authorization);

  redeem = (orderId: unknown = 'o1', amount: unknown = 1_002, code = 'A') =>
    this.ask(`/coupons/${code}/redemptions`, { orderId, amount });

  get remaining(): Promise<unknown> {
    return this.ask('/coupons/A').then(({ body }) => body['remaining']);
  }

  get doors(): number[] {
    return [this.charge, this.publish, this.log].map(({ mock }) => mock.calls.length);
  }

  async on(server: Server, act: (shop: Shop) => Promise<void>): Promise<void> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await act(this);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
}

const inShop =
  (act: (shop: Shop) => Promise<void>): Sentence[1] =>
  async ({ createApp }) => {
    const shop = new Shop();
    await shop.on(createApp({ ...shop.outside, adminToken: 'secret' }), act);
  };

const API: readonly Sentence[] = [
  ['making a coupon answers 201', inShop(async ({ create }) => expect((await create()).status).toBe(201))],
  [
    'and says where it is',
    inShop(async ({ create }) => expect((await create()).headers['location']).toBe('/coupons/A')),
  ],
  [
    'and shows it',
    inShop(async ({ create }) =>
      expect((await create()).body).toStrictEqual({ code: 'A', percent: 25, remaining: 2, endsAt: END }),
    ),
  ],
  [
    'without the header, or with the token alone, nothing is made',
    inShop(async (shop) => {
      for (const header of ['', 'secret', 'Bearer', 'Basic secret']) {
        const { status, body } = await shop.create({}, header);
        expect([header, status, typeof body['error']]).toEqual([header, 401, 'string']);
      }
      expect((await shop.ask('/coupons', {})).status).toBe(401);
      expect((await shop.ask('/coupons/A')).status).toBe(404);
    }),
  ],
  [
    'with another token nothing is made',
    inShop(async (shop) => {
      for (const token of ['other', 'SECRET', 'secrets', 'secre'])
        expect((await shop.create({}, `Bearer ${token}`)).status).toBe(401);
      expect((await shop.ask('/coupons/A')).status).toBe(404);
    }),
  ],
  [
    'what is no coupon is refused, and nothing is made',
    inShop(async (shop) => {
      const wrong = [
        ...['', 'a', 'A-B', 'A\n', ' A', 'Ä', 'A'.repeat(21), 7, null].map((code) => ({ code })),
        ...[0, 101, 1.5, '5', -1, null].map((percent) => ({ percent })),
        ...[0, 1_000_001, 1.5, '5', -1, null].map((limit) => ({ limit })),
        ...[-1, 1.5, '5', null].map((endsAt) => ({ endsAt })),
      ];
      for (const changes of wrong) {
        const { status, body } = await shop.create(changes);
        expect([changes, status, body['error']]).toEqual([changes, 422, 'invalid']);
      }
      expect((await shop.ask('/coupons/A')).status).toBe(404);
    }),
  ],
  [
    'the largest and the smallest coupon are made',
    inShop(async (shop) => {
      for (const fields of [
        { code: 'Z9'.repeat(10), percent: 100, limit: 1_000_000, endsAt: 1e300 },
        { code: '0', percent: 1, limit: 1, endsAt: 0 },
      ]) {
        const { limit, ...same } = fields;
        expect((await shop.create(fields)).body).toEqual({ ...same, remaining: limit });
      }
    }),
  ],
  [
    'a code that exists is refused, and the old coupon stays',
    inShop(async (shop) => {
      await shop.create();
      expect(await shop.create({ percent: 50, limit: 9 })).toMatchObject({
        status: 409,
        body: { error: 'exists' },
      });
      expect((await shop.ask('/coupons/A')).body).toMatchObject({ percent: 25, remaining: 2 });
    }),
  ],
  [
    'a coupon is shown with four fields',
    inShop(async (shop) => {
      await shop.create();
      const { status, body } = await shop.ask('/coupons/A');
      expect([status, body]).toEqual([200, { code: 'A', percent: 25, remaining: 2, endsAt: END }]);
    }),
  ],
  [
    'an unknown code is 404',
    inShop(async (shop) => {
      expect(await shop.ask('/coupons/B')).toMatchObject({ status: 404, body: { error: 'not_found' } });
      expect(await shop.redeem('o', 1, 'B')).toMatchObject({
        status: 404,
        body: { error: expect.any(String) },
      });
      expect(shop.doors).toEqual([0, 0, 0]);
    }),
  ],
  [
    'every answer is JSON by its name',
    inShop(async (shop) => {
      const answers = [
        await shop.create(),
        await shop.create(),
        await shop.create({}, ''),
        await shop.create({ limit: 0 }),
        await shop.ask('/coupons/A'),
        await shop.ask('/coupons/B'),
        await shop.redeem(),
        await shop.redeem(''),
      ];
      for (const { headers } of answers) expect(headers['content-type']).toMatch(/^application\/json(;|$)/);
    }),
  ],
  [
    'apps have coupons of their own',
    async ({ createApp }) => {
      const [one, other] = [new Shop(), new Shop()];
      await one.on(createApp({ ...one.outside, adminToken: 'secret' }), async () => {
        await one.create();
        await other.on(createApp({ ...other.outside, adminToken: 'secret' }), async () =>
          expect((await other.ask('/coupons/A')).status).toBe(404),
        );
      });
    },
  ],
];

const holding = (act: (shop: Shop) => Promise<void>): Sentence[1] =>
  inShop(async (shop) => {
    await shop.create();
    shop.log.mockClear();
    await act(shop);
  });

const REDEMPTIONS: readonly Sentence[] = [
  [
    'a redemption answers 201, with three fields',
    holding(async ({ redeem }) => {
      const { status, body } = await redeem();
      expect([status, body]).toEqual([201, { orderId: 'o1', charged: 751, paymentId: 'p1' }]);
    }),
  ],
  [
    'leaves one less',
    holding(async (shop) => {
      await shop.redeem();
      expect(await shop.remaining).toBe(1);
      await shop.redeem('o2');
      expect(await shop.remaining).toBe(0);
    }),
  ],
  [
    'asks the gateway once, for what it says',
    holding(async ({ redeem, charge }) => {
      const { body } = await redeem();
      await redeem('o2', 1);
      expect(charge.mock.calls.map(([order]) => ({ ...order, idempotencyKey: '' }))).toEqual([
        { amount: body['charged'], idempotencyKey: '' },
        { amount: 1, idempotencyKey: '' },
      ]);
    }),
  ],
  [
    'under the key of the order, and with two fields',
    holding(async ({ redeem, charge }) => {
      await redeem();
      expect(charge.mock.calls).toMatchObject([[{ idempotencyKey: 'o1' }]]);
      expect(Object.keys(charge.mock.calls[0]?.[0] ?? {}).toSorted()).toEqual(['amount', 'idempotencyKey']);
    }),
  ],
  [
    'publishes once',
    holding(async ({ redeem, publish }) => {
      await redeem();
      const event = { type: 'coupon.redeemed', code: 'A', orderId: 'o1', charged: 751 };
      expect(publish.mock.calls).toEqual([[event]]);
    }),
  ],
  [
    'logs once',
    holding(async ({ redeem, log }) => {
      await redeem();
      expect(log.mock.calls).toMatchObject([[{ level: 'info', orderId: 'o1' }]]);
    }),
  ],
  [
    'has gone through its doors when the answer arrives',
    holding(async (shop) => {
      let open = 0;
      const slowly = async (): Promise<void> => {
        open++;
        await new Promise((resolve) => setTimeout(resolve, 5));
        open--;
      };
      shop.publish.mockImplementation(slowly);
      shop.log.mockImplementation(slowly);
      await shop.redeem();
      expect(open).toBe(0);
    }),
  ],
  [
    'charges 0 at 100 percent, and a billion at most',
    inShop(async (shop) => {
      await shop.create({ percent: 100 });
      expect((await shop.redeem()).body).toMatchObject({ charged: 0 });
      expect(shop.charge).toHaveBeenCalledOnce();
      await shop.create({ code: 'B', percent: 1 });
      expect((await shop.redeem('o', 1_000_000_000, 'B')).body).toMatchObject({ charged: 990_000_000 });
    }),
  ],
  [
    'what is no order is refused, and nothing happens',
    holding(async (shop) => {
      const wrong = [
        ['', 1],
        [7, 1],
        [null, 1],
        ...[0, -1, 1.5, '5', 1_000_000_001].map((amount) => ['o', amount]),
      ];
      for (const [orderId, amount] of wrong) {
        const { status, body } = await shop.redeem(orderId, amount);
        expect([orderId, amount, status, typeof body['error']]).toEqual([orderId, amount, 422, 'string']);
      }
      expect([...shop.doors, await shop.remaining]).toEqual([0, 0, 0, 2]);
    }),
  ],
  [
    'a coupon can be redeemed until it ends',
    holding(async (shop) => {
      shop.now = END - 1;
      expect((await shop.redeem()).status).toBe(201);
      const before = shop.doors;
      for (shop.now of [END, END + 1]) {
        expect(await shop.redeem()).toMatchObject({ status: 410, body: { error: 'expired' } });
      }
      expect(shop.doors).toEqual(before);
    }),
  ],
  [
    'and as long as something remains',
    inShop(async (shop) => {
      await shop.create({ limit: 1 });
      // The state has a sentence of its own: here the second comes while the first is held.
      let pay = (_payment: object): void => {};
      const held = new Promise((resolve) => (pay = resolve));
      shop.charge.mockReturnValueOnce(held);
      const first = shop.redeem();
      first.catch(() => {});
      await vi.waitFor(() => expect(shop.charge).toHaveBeenCalledOnce(), { interval: 5 });
      expect(await shop.redeem('o2')).toMatchObject({ status: 409, body: { error: 'used_up' } });
      expect(shop.doors).toEqual([1, 0, expect.any(Number)]);
      pay({ paymentId: 'p1' });
      expect((await first).status).toBe(201);
    }),
  ],
  [
    'a payment that fails is told, and the coupon given back',
    holding(async (shop) => {
      for (const fail of [
        () => Promise.reject(new Error('declined')),
        () => {
          throw new Error('declined');
        },
      ]) {
        shop.charge.mockReset().mockImplementation(fail);
        const answer = await shop.redeem();
        expect(answer).toMatchObject({ status: 502, body: { error: 'payment_failed' } });
        expect([shop.charge.mock.calls.length, shop.publish.mock.calls.length]).toEqual([1, 0]);
      }
      expect(await shop.remaining).toBe(2);
    }),
  ],
  [
    'and logged once',
    holding(async (shop) => {
      shop.charge.mockRejectedValue(new Error('declined'));
      await shop.redeem();
      expect(shop.log.mock.calls[0]).toMatchObject([{ level: 'error', orderId: 'o1' }]);
    }),
  ],
];

const PROGRAM: readonly Sentence[] = [
  [
    'a program takes its token from its settings',
    async ({ startProgram }) => {
      const shop = new Shop();
      await shop.on(startProgram({ ADMIN_TOKEN: 'from settings' }, shop.outside), async () => {
        expect((await shop.create({}, 'Bearer from settings')).body).toMatchObject({ remaining: 2 });
      });
    },
  ],
  [
    'and does not start without one',
    ({ startProgram }) => {
      for (const env of [{}, { ADMIN_TOKEN: '' }])
        expect(() => startProgram(env as Record<string, string>, new Shop().outside)).toThrow(/ADMIN_TOKEN/);
    },
  ],
];

/** What the README of 10-testing promises, each sentence looked at alone. */
export const SENTENCES: readonly Sentence[] = [...CART, ...MONEY, ...API, ...REDEMPTIONS, ...PROGRAM];
