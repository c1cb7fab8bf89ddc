import type { Database } from 'better-sqlite3';
import { revived } from './document.ts';
import type { Document, Json, State } from './document.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

export type { Json };

export type Clock = { now(): number; sleep(ms: number): Promise<void> };

export type JobId = string | number;

export type Job = {
  id: JobId;
  type: string;
  payload: Json;
  status: State;
  attempts: number;
  runAt: number;
  lastError: string | null;
};

export type EnqueueOptions = {
  delayMs?: number;
  priority?: number;
  dedupeKey?: string;
  maxAttempts?: number;
};

export type Queue = {
  enqueue(type: string, payload: Json, options?: EnqueueOptions): JobId;
  get(id: JobId): Promise<Job | null>;
  deadLetters(): Promise<Job[]>;
  retryDead(id: JobId): Promise<boolean>;
  schedule(name: string, recurring: { everyMs: number; type: string; payload: Json }): Promise<JobId | null>;
};

const shelves = new WeakMap<Queue, Shelf>();

/** What a worker has and a caller has not. */
export function shelfOf(queue: Queue): Shelf {
  const shelf = shelves.get(queue);
  if (!shelf) throw new TypeError('This queue was not made by createQueue');
  return shelf;
}

export function createQueue({ db, clock }: { db: Database; clock: Clock }): Queue {
  const shelf = openShelf(db);

  const fresh = (type: string, payload: Json, options: EnqueueOptions = {}): Document => {
    if (!isJson(payload)) throw new TypeError('A payload is a JSON value');
    if (new TextEncoder().encode(JSON.stringify(payload)).length > 65_536)
      throw new RangeError('This payload is too long');
    return {
      type,
      payload,
      state: 'pending',
      due: clock.now() + (options.delayMs ?? 0),
      priority: options.priority ?? 0,
      key: options.dedupeKey ?? null,
      attempts: 0,
      patience: options.maxAttempts ?? 5,
      error: null,
      holder: null,
      series: null,
      since: null,
    };
  };

  const queue: Queue = {
    enqueue: (type, payload, options) => shelf.put(fresh(type, payload, options)),
    async get(id) {
      const found = shelf.find(id);
      return found ? shown(found) : null;
    },
    deadLetters: async () => shelf.dead().map(shown),
    retryDead: async (id) => shelf.change(id, revived(clock.now())) !== undefined,
    async schedule(name, { everyMs, type, payload }) {
      const since = Math.floor(clock.now() / everyMs) * everyMs;
      return shelf.putInSeries({ ...fresh(type, payload), series: name, since });
    },
  };
  shelves.set(queue, shelf);
  return queue;
}

function shown({ id, job }: { id: number; job: Document }): Job {
  const { type, payload, state: status, attempts, due: runAt, error: lastError } = job;
  return { id, type, payload, status, attempts, runAt, lastError };
}

/** Goes through the value with a list of what is still to be looked at, so that no depth is too deep. */
function isJson(payload: unknown): payload is Json {
  const waiting = [payload];
  const seen = new Set<unknown>();
  for (let value = waiting.pop(); waiting.length > 0 || value !== undefined; value = waiting.pop()) {
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    )
      continue;
    if (typeof value !== 'object' || seen.size > 100_000) return false;
    seen.add(value);
    if (!Array.isArray(value) && Object.prototype.toString.call(value) !== '[object Object]') return false;
    const kind: unknown = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && kind !== null && kind !== Object.prototype) return false;
    waiting.push(...Object.values(value));
  }
  return payload !== undefined;
}
