// canary ef17f2d41d868e5d4585b70d
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

type Given = {
  clock: { now(): unknown };
  gateway: { charge(order: object): Promise<{ paymentId: string }> };
  publish(event: object): unknown;
  log(entry: object): unknown;
  adminToken: string;
};
type Stored = {
  code: string;
  percent: number;
  endsAt: number;
  limit: number;
  orders: Set<string>;
  note: string;
};
type Call = {
  given: Given;
  store: Map<string, Stored>;
  code: string;
  token: string;
  body: Record<string, unknown>;
};
type Reply = [status: number, body: object, location?: string];

const error = (status: number, code: string): Reply => [status, { error: code, status }];
const whole = (value: unknown, from: number, to: number): boolean =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
const shown = ({ code, percent, endsAt, limit, orders }: Stored) => ({
  code,
  percent,
  endsAt,
  remaining: limit - orders.size,
});

const create = ({ given, store, token, body }: Call): Reply => {
  if (token !== given.adminToken) return error(401, 'unauthorized');
  const { code, percent, limit, endsAt } = body;
  const isRight =
    /^[A-Z0-9]{1,20}$/.test(String(code)) &&
    typeof code === 'string' &&
    whole(percent, 1, 100) &&
    whole(limit, 1, 1e6) &&
    whole(endsAt, 0, Infinity);
  if (!isRight) return error(422, 'invalid');
  if (store.has(code)) return error(409, 'exists');
  const stored = {
    code,
    percent: Number(percent),
    limit: Number(limit),
    endsAt: Number(endsAt),
    orders: new Set<string>(),
    note: 'made by hand',
  };
  store.set(code, stored);
  return [201, shown(stored), `/coupons/${code}`];
};

const look = ({ store, code }: Call): Reply => {
  const stored = store.get(code);
  return stored === undefined ? error(404, 'not_found') : [200, shown(stored)];
};

const redeem = async ({ given, store, code, body }: Call): Promise<Reply> => {
  const stored = store.get(code);
  if (stored === undefined) return error(404, 'not_found');
  const { orderId, amount } = body;
  if (typeof orderId !== 'string' || orderId.length === 0 || !whole(amount, 1, 1e9))
    return error(422, 'invalid');
  if (Number(await given.clock.now()) >= stored.endsAt) return error(410, 'expired');
  if (stored.orders.size >= stored.limit) return error(409, 'used_up');
  const place = `${orderId} ${stored.orders.size} ${Math.random()}`;
  stored.orders.add(place);
  const off = Math.round((Number(amount) * stored.percent) / 100);
  const charged = Number(amount) - off;
  const paid = await given.gateway.charge({ amount: charged, idempotencyKey: orderId }).then(
    ({ paymentId }) => paymentId,
    () => null,
  );
  if (paid === null) {
    stored.orders.delete(place);
    await given.log({ level: 'error', event: 'payment_failed', orderId, code });
    return error(502, 'payment_failed');
  }
  await Promise.all([
    given.publish({ type: 'coupon.redeemed', code, orderId, charged }),
    given.log({ level: 'info', event: 'redeemed', orderId, code }),
  ]);
  return [201, { orderId, charged, paymentId: paid }];
};

const ROUTES: [method: string, path: RegExp, run: (call: Call) => Reply | Promise<Reply>][] = [
  ['POST', /^\/coupons\/?$/, create],
  ['GET', /^\/coupons\/([^/]+)$/, look],
  ['POST', /^\/coupons\/([^/]+)\/redemptions$/, redeem],
];

export const createApp = (given: Given): Server => {
  const store = new Map<string, Stored>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body: Record<string, unknown> = {};
    try {
      body = Object(JSON.parse(Buffer.concat(chunks).toString())) as Record<string, unknown>;
    } catch {
      // What is no JSON has none of the fields.
    }
    const url = request.url ?? '';
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const route = ROUTES.find(([method, path]) => method === request.method && path.test(url));
    const code = route?.[1].exec(url)?.[1] ?? '';
    const [status, content, location] = await (route?.[2]({ given, store, code, token, body }) ??
      error(404, 'not_found'));
    if (location !== undefined) response.setHeader('location', location);
    response.setHeader('content-type', 'application/json');
    response.writeHead(status).end(`${JSON.stringify(content)}\n`);
  };
  return createServer((request, response) => void answer(request, response));
};

export const startProgram = (env: { ADMIN_TOKEN?: string }, given: Omit<Given, 'adminToken'>): Server => {
  if (!env.ADMIN_TOKEN) throw new Error('set ADMIN_TOKEN');
  return createApp({ ...given, adminToken: env.ADMIN_TOKEN });
};
