// canary 0872d00a886c6586afee18c2
import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export type Outside = {
  clock: { now(): unknown };
  gateway: { charge(order: { amount: number; idempotencyKey: string }): Promise<{ paymentId: string }> };
  publish(event: object): unknown;
  log(entry: object): unknown;
  adminToken: string;
};

type Coupon = {
  code: string;
  percent: number;
  remaining: number;
  endsAt: number;
  createdBy: string;
};

export function createApp(outside: Outside): Server {
  const coupons = new Map<string, Coupon>();

  return createServer((request, response) => {
    handle(request, response).catch(() => send(response, 500, { error: 'internal' }));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [first = '', code = '', second = ''] = (request.url ?? '/').slice(1).split('/');
    if (first !== 'coupons') return send(response, 404, { error: 'not_found' });
    if (request.method === 'POST' && code === '') return await create(request, response);
    const coupon = coupons.get(decodeURIComponent(code));
    if (coupon === undefined) return send(response, 404, { error: 'not_found' });
    if (request.method === 'GET' && second === '') return send(response, 200, publicFields(coupon));
    if (request.method === 'POST' && second === 'redemptions') return await redeem(coupon, request, response);
    send(response, 404, { error: 'not_found' });
  }

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAdmin(request)) return send(response, 401, { error: 'unauthorized' });
    const body = await read(request);
    if (!isCoupon(body)) return send(response, 422, { error: 'invalid' });
    if (coupons.has(body.code)) return send(response, 409, { error: 'exists' });
    const { code, percent, limit, endsAt } = body;
    const coupon = { code, percent, remaining: limit, endsAt, createdBy: 'admin' };
    coupons.set(code, coupon);
    response.setHeader('Location', `/coupons/${encodeURIComponent(code)}`);
    send(response, 201, publicFields(coupon));
  }

  async function redeem(coupon: Coupon, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const now = Number(await outside.clock.now());
    if (!isOrder(body)) return send(response, 422, { error: 'invalid' });
    if (now >= coupon.endsAt) return send(response, 410, { error: 'expired' });
    if (coupon.remaining < 1) return send(response, 409, { error: 'used_up' });
    // Taken before anything is waited for: whoever comes meanwhile finds one less.
    coupon.remaining--;
    const { orderId } = body;
    const charged = body.amount - Math.floor((body.amount * coupon.percent + 50) / 100);
    let paymentId: string;
    try {
      ({ paymentId } = await outside.gateway.charge({ amount: charged, idempotencyKey: orderId }));
    } catch {
      coupon.remaining++;
      await outside.log({ level: 'error', event: 'payment_failed', orderId });
      return send(response, 502, { error: 'payment_failed' });
    }
    await outside.publish({ type: 'coupon.redeemed', code: coupon.code, orderId, charged });
    await outside.log({ level: 'info', event: 'redeemed', orderId });
    send(response, 201, { orderId, charged, paymentId });
  }

  function isAdmin(request: IncomingMessage): boolean {
    const given = createHash('sha256').update(request.headers.authorization ?? '');
    const wanted = createHash('sha256').update(`Bearer ${outside.adminToken}`);
    return timingSafeEqual(given.digest(), wanted.digest());
  }
}

function publicFields({ code, percent, remaining, endsAt }: Coupon) {
  return { code, percent, remaining, endsAt };
}

type NewCoupon = { code: string; percent: number; limit: number; endsAt: number };

function isCoupon(body: unknown): body is NewCoupon {
  const { code, percent, limit, endsAt } = (body ?? {}) as Record<string, unknown>;
  return (
    typeof code === 'string' &&
    /^[A-Z0-9]{1,20}$/.test(code) &&
    isWhole(percent, 1, 100) &&
    isWhole(limit, 1, 1_000_000) &&
    isWhole(endsAt, 0, Infinity)
  );
}

function isOrder(body: unknown): body is { orderId: string; amount: number } {
  const { orderId, amount } = (body ?? {}) as Record<string, unknown>;
  return typeof orderId === 'string' && orderId !== '' && isWhole(amount, 1, 1e9);
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}
