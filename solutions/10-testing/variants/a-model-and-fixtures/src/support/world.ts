import request from 'supertest';
import { test as plain } from 'vitest';
import { createApp } from '../subject.js';

type Happening = { door: 'call' | 'event' | 'log'; what: Record<string, unknown> };

/** A gateway that can be held: it answers when it is let go. */
export class Gateway {
  holds = false;
  declines = false;
  private waiting: (() => void)[] = [];
  private readonly note: (order: object) => void;

  constructor(note: (order: object) => void) {
    this.note = note;
  }

  readonly charge = async (order: {
    amount: number;
    idempotencyKey: string;
  }): Promise<{ paymentId: string }> => {
    this.note(order);
    if (this.holds) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.declines) throw new TypeError('declined');
    return { paymentId: `payment of ${order.idempotencyKey}` };
  };

  letGo(): void {
    this.holds = false;
    for (const go of this.waiting.splice(0)) go();
  }
}

export class World {
  now = 1_234_567_890_000;
  readonly happened: Happening[] = [];
  readonly gateway = new Gateway((order) => this.note('call', order));
  readonly agent = request.agent(
    createApp({
      clock: { now: async () => this.now },
      gateway: this.gateway,
      publish: async (event) => this.note('event', event),
      log: async (entry) => this.note('log', entry),
      adminToken: 'sesame',
    }),
  );

  private note(door: Happening['door'], what: unknown): void {
    this.happened.push({ door, what: what as Record<string, unknown> });
  }

  through(door: Happening['door']): Record<string, unknown>[] {
    return this.happened.filter((each) => each.door === door).map(({ what }) => what);
  }

  async coupon(changes: object = {}) {
    const coupon = { code: 'Q4', percent: 15, limit: 1, endsAt: this.now + 10, ...changes };
    return await this.agent.post('/coupons').auth('sesame', { type: 'bearer' }).send(coupon);
  }

  async redeem(orderId: string, amount = 1_010) {
    return await this.agent.post('/coupons/Q4/redemptions').send({ orderId, amount });
  }

  async remaining(): Promise<unknown> {
    const { body } = await this.agent.get('/coupons/Q4');
    return (body as Record<string, unknown>)['remaining'];
  }
}

/** `test`, with a world of its own for each. */
export const test = plain.extend<{ world: World }>({
  // eslint-disable-next-line no-empty-pattern -- Vitest reads the names in the pattern
  world: async ({}, use) => {
    await use(new World());
  },
});
