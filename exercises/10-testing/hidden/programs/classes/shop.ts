// canary a26ee6eafd1c6c06c7a36ef9
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';

export type Surroundings = {
  clock: { now(): unknown };
  gateway: { charge(order: { amount: number; idempotencyKey: string }): Promise<{ paymentId: string }> };
  publish(event: object): unknown;
  log(entry: object): unknown;
  adminToken: string;
};

type Answer = { status: number; body: object; headers?: Record<string, string> };

/** A refusal: what is thrown on the way becomes the answer. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

class Coupon {
  readonly code: string;
  readonly percent: number;
  readonly endsAt: number;
  readonly madeAt: number;
  remaining: number;

  constructor(fields: Record<string, unknown>, madeAt: number) {
    const { code, percent, limit, endsAt } = fields;
    const isRight =
      typeof code === 'string' &&
      /^[A-Z0-9]{1,20}$/.test(code) &&
      whole(percent, 1, 100) &&
      whole(limit, 1, 1_000_000) &&
      whole(endsAt, 0);
    if (!isRight) throw new Refused(422, 'invalid');
    this.code = code;
    this.percent = percent as number;
    this.remaining = limit as number;
    this.endsAt = endsAt as number;
    this.madeAt = madeAt;
  }

  /** What everybody may see. */
  toJSON() {
    return { code: this.code, percent: this.percent, remaining: this.remaining, endsAt: this.endsAt };
  }

  take(now: number): void {
    if (this.remaining === 0) throw new Refused(409, 'used_up');
    if (now >= this.endsAt) throw new Refused(410, 'expired');
    this.remaining -= 1;
  }

  giveBack(): void {
    this.remaining += 1;
  }

  priceOf(amount: number): number {
    return amount - Math.round((amount * this.percent) / 100);
  }
}

export class Shop {
  private readonly coupons: Coupon[] = [];
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
  }

  server(): Server {
    return createServer((request, response) => {
      void this.answer(request).then(({ status, body, headers = {} }) => {
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
        response.end(JSON.stringify(body));
      });
    });
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    try {
      return await this.route(request);
    } catch (error) {
      if (error instanceof Refused) return { status: error.status, body: { error: error.message } };
      return { status: 500, body: { error: 'internal' } };
    }
  }

  private async route(request: IncomingMessage): Promise<Answer> {
    const path = request.url ?? '';
    if (request.method === 'POST' && path === '/coupons') return await this.add(request);
    const [, code, rest] = /^\/coupons\/([A-Z0-9]+)(\/redemptions)?$/.exec(path) ?? [];
    const coupon = this.coupons.find((each) => each.code === code);
    if (request.method === 'POST' && rest !== undefined) return await this.redeem(coupon, request);
    if (coupon === undefined) throw new Refused(404, 'not_found');
    if (request.method === 'GET' && rest === undefined) return { status: 200, body: coupon };
    throw new Refused(404, 'not_found');
  }

  private async add(request: IncomingMessage): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${this.around.adminToken}`)
      throw new Refused(401, 'token_needed');
    const fields = await json(request);
    const coupon = new Coupon(fields, Number(await this.around.clock.now()));
    if (this.coupons.some(({ code }) => code === coupon.code)) throw new Refused(409, 'exists');
    this.coupons.push(coupon);
    return { status: 201, body: coupon, headers: { location: `/coupons/${coupon.code}` } };
  }

  private async redeem(coupon: Coupon | undefined, request: IncomingMessage): Promise<Answer> {
    const { orderId, amount } = await json(request);
    if (typeof orderId !== 'string' || orderId === '' || !whole(amount, 1, 1_000_000_000))
      throw new Refused(422, 'bad_order');
    if (coupon === undefined) throw new Refused(404, 'not_found');
    coupon.take(Number(await this.around.clock.now()));
    const charged = coupon.priceOf(amount as number);
    const payment = await this.pay(charged, orderId).catch(async (error: unknown) => {
      coupon.giveBack();
      await this.around.log({ orderId, level: 'error', event: 'payment_failed', reason: String(error) });
      throw new Refused(502, 'payment_failed');
    });
    await this.around.log({ orderId, level: 'info', event: 'redeemed' });
    await this.around.publish({ type: 'coupon.redeemed', orderId, charged, code: coupon.code });
    return { status: 201, body: { paymentId: payment.paymentId, orderId, charged } };
  }

  private async pay(amount: number, idempotencyKey: string): Promise<{ paymentId: string }> {
    return await this.around.gateway.charge({ idempotencyKey, amount });
  }
}

function whole(value: unknown, from: number, to = Infinity): boolean {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += String(chunk);
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    throw new Refused(422, 'invalid');
  }
}
