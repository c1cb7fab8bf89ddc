import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';

export type Seen = { method: string; path: string; route: string; status: number; ms: number };

export type Events = {
  begun: [];
  done: [seen: Seen];
  gone: [];
  failed: [error: unknown];
  noted: [id: number];
};

export type Bus = EventEmitter<Events>;

export const createBus = (): Bus => new EventEmitter<Events>();

/** The id of the request on whose behalf code runs. */
export const currentRequest = new AsyncLocalStorage<string>();
