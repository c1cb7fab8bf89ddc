import type { Outside } from './subject.ts';

type Order = { amount: number; idempotencyKey: string };
type Charge = (order: Order) => Promise<{ paymentId: string }>;

/** The world around the program, written by hand: it does what it is told, and remembers what it was asked. */
export type World = Outside & {
  /** What `clock.now()` says. Time passes when a test sets it. */
  time: number;
  /** What `gateway.charge()` does, after the call was written down. */
  onCharge: Charge;
  charges: Order[];
  events: unknown[];
  entries: unknown[];
  /** Whether an entry with this level and this order is in the log. */
  logged: (level: string, orderId: string) => boolean;
  /** Forgets all calls up to now. */
  forget: () => void;
};

export const pays: Charge = async () => ({ paymentId: 'pay-77' });

export const fails: Charge = async () => {
  throw new Error('the bank is closed');
};

export function newWorld(time = 1_000): World {
  const world: World = {
    time,
    onCharge: pays,
    charges: [],
    events: [],
    entries: [],
    logged: (level, orderId) =>
      world.entries.some((entry) => {
        const { level: l, orderId: o } = entry as { level?: unknown; orderId?: unknown };
        return l === level && o === orderId;
      }),
    forget: () => {
      world.charges.length = 0;
      world.events.length = 0;
      world.entries.length = 0;
    },
    clock: { now: () => world.time },
    gateway: {
      charge: async (order) => {
        world.charges.push(order);
        return world.onCharge(order);
      },
    },
    publish: (event) => {
      world.events.push(event);
    },
    log: (entry) => {
      world.entries.push(entry);
    },
  };
  return world;
}

/** Only what the program asks for: without the memory and the switches of the fake. */
export function outsideOf({ clock, gateway, publish, log }: World): Outside {
  return { clock, gateway, publish, log };
}
