import { createRequire, syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { promisify } from 'node:util';

/* The world in which a learner's tests run: a date that can be moved, and no other machine. */

/** By how much `Date` is moved, in milliseconds. */
let moved = 0;

/** Timers of real time that came due, in milliseconds: tests that sleep. */
export const waits: number[] = [];

/** Machines beyond this one that a test tried to reach. */
export const dialled: string[] = [];

const MOST_NOTES = 20;

/** Shorter waits are a turn of the event loop, or a server that is asked again. */
const SLEEP = 100;

export function moveDate(by: number): void {
  moved = by;
}

const Machine = Date;

class MovedDate extends Machine {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(MovedDate.now());
    else super(...(args as [number]));
  }

  static override now(): number {
    return Machine.now() + moved;
  }
}

/** `Date()` without `new` is a text, which a class cannot be called for. */
globalThis.Date = new Proxy(MovedDate, {
  apply: () => new MovedDate().toString(),
}) as unknown as DateConstructor;
Machine.prototype.constructor = globalThis.Date;

const { setTimeout: machineTimeout } = globalThis;

globalThis.setTimeout = Object.assign(
  (callback: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => {
    // Node itself has timers too, for its `fetch` say.
    if (!(delay >= SLEEP) || isCalledByNode(new Error('called').stack))
      return machineTimeout(callback, delay, ...args);
    return machineTimeout(
      (...given: unknown[]) => {
        note(waits, delay, true);
        callback(...given);
      },
      delay,
      ...args,
    );
  },
  machineTimeout,
) as typeof setTimeout;

/** The first line of a stack is the error, the second this file. */
function isCalledByNode(stack = ''): boolean {
  return /^(?:[^\n]*\n){2}\s+at .*\bnode:/.test(stack.split('\n', 3).join('\n'));
}

const later = createRequire(import.meta.url)('node:timers/promises') as typeof import('node:timers/promises');
const { setTimeout: machineSleep } = later;
later.setTimeout = (async (delay, ...rest) => {
  const value = await machineSleep(delay, ...rest);
  note(waits, delay ?? 0, (delay ?? 0) >= SLEEP);
  return value;
}) as typeof machineSleep;
later.scheduler.wait = (delay, options) => later.setTimeout(delay, undefined, options);

// The other ways to the same timers: `promisify(setTimeout)`, and the module that the global ones come from.
Object.defineProperty(globalThis.setTimeout, promisify.custom, { value: later.setTimeout });
(createRequire(import.meta.url)('node:timers') as typeof import('node:timers')).setTimeout =
  globalThis.setTimeout;

// eslint-disable-next-line typescript/unbound-method -- it is called with the socket below
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function watched(this: net.Socket, ...args: unknown[]): net.Socket {
  const host = hostOf(args);
  if (host === null) return Reflect.apply(connect, this, args) as net.Socket;
  note(dialled, host.slice(0, 100), true);
  const error = Object.assign(new Error(`connect ENETUNREACH ${host}: tests have no network`), {
    code: 'ENETUNREACH',
  });
  process.nextTick(() => this.destroy(error));
  return this;
} as typeof connect;
syncBuiltinESMExports();

/** The machine that a socket is to reach; null: this one. Node itself hands its arguments over as one list. */
function hostOf(args: readonly unknown[]): string | null {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const host =
    typeof first === 'object' && first !== null
      ? (first as { host?: unknown; path?: unknown }).host
      : typeof second === 'string'
        ? second
        : undefined;
  if (typeof host !== 'string' || /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(host)) return null;
  return host;
}

function note<T>(notes: T[], what: T, holds: boolean): void {
  if (holds && notes.length < MOST_NOTES) notes.push(what);
}
