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
  /** What was answered, or will be: an order that comes again is not redeemed again. */
  answers: Map<string, Promise<Reply>>;
  note: string;
};
type Call = {
  given: Given;
  store: Map<string, Stored>;
  code: string;
  /** Null: none was brought. */
  token: string | null;
  /** Null: what came is no JSON object. */
  body: Record<string, unknown> | null;
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
  if (token !== given.adminToken) return error(401, 'who_are_you');
  if (body === null) return error(400, 'no_object');
  const { code, percent, limit, endsAt } = body;
  const isRight =
    /^[A-Z0-9]{1,20}$/.test(String(code)) &&
    typeof code === 'string' &&
    whole(percent, 1, 100) &&
    whole(limit, 1, 1e6) &&
    whole(endsAt, 0, Infinity);
  if (store.has(String(code))) return error(409, 'exists');
  if (!isRight) return error(422, 'invalid');
  const stored = {
    code,
    percent: Number(percent),
    limit: Number(limit),
    endsAt: Number(endsAt),
    orders: new Set<string>(),
    answers: new Map<string, Promise<Reply>>(),
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
  if (body === null) return error(400, 'no_object');
  if (Number(await given.clock.now()) >= stored.endsAt) return error(410, 'expired');
  const { orderId, amount } = body;
  if (typeof orderId !== 'string' || orderId.length === 0 || !whole(amount, 1, 1e9))
    return error(422, 'no_order');
  const known = stored.answers.get(orderId);
  if (known !== undefined) return await known;
  const reply = pay(given, stored, orderId, Number(amount));
  stored.answers.set(orderId, reply);
  // What failed may be tried again.
  if ((await reply)[0] !== 201) stored.answers.delete(orderId);
  return await reply;
};

const pay = async (given: Given, stored: Stored, orderId: string, amount: number): Promise<Reply> => {
  const { code } = stored;
  if (stored.orders.size >= stored.limit) return error(409, 'used_up');
  const place = `${orderId} ${stored.orders.size} ${Math.random()}`;
  stored.orders.add(place);
  const charged = amount - Math.round((amount * stored.percent) / 100);
  const paid = await Promise.resolve({ amount: charged, idempotencyKey: orderId })
    .then((order) => given.gateway.charge(order))
    .then(
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

/** No route takes it: the method is wrong, or the path. */
const unrouted = (url: string): Reply =>
  ROUTES.some(([, path]) => path.test(url)) ? error(405, 'not_here') : error(404, 'nothing');

export const createApp = (given: Given): Server => {
  const store = new Map<string, Stored>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body: Record<string, unknown> | null = null;
    try {
      const sent = JSON.parse(Buffer.concat(chunks).toString()) as unknown;
      if (typeof sent === 'object' && !Array.isArray(sent)) body = sent as Record<string, unknown> | null;
    } catch {
      // What is no JSON is no object.
    }
    const url = request.url ?? '';
    const token = /^Bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
    const route = ROUTES.find(([method, path]) => method === request.method && path.test(url));
    const code = route?.[1].exec(url)?.[1] ?? '';
    const [status, content, location] = await (route?.[2]({ given, store, code, token, body }) ??
      unrouted(url));
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
