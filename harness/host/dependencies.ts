import { createHash } from 'node:crypto';
import type { HostEvent } from '../message/host.ts';
import { Dependency } from '../message/plain.ts';
import type { MovedClock } from './clock.ts';
import { openDatabase } from './databases.ts';
import { playedFunction } from './played.ts';

/** What dependencies are built with. */
export type Workshop = {
  clock: MovedClock;
  send: (event: HostEvent) => void;
  /** What stays in the host by name, for later calls. */
  keep: (handle: string, value: unknown) => void;
  kept: (handle: string) => unknown;
};

/** Puts the real dependencies in the place of their descriptions. */
export function build(value: unknown, shop: Workshop): unknown {
  if (value instanceof Dependency) return real(value, shop);
  if (Array.isArray(value)) return value.map((item) => build(item, shop));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, build(item, shop)]));
}

function real({ kind, options }: Dependency, shop: Workshop): unknown {
  const { clock, send } = shop;
  switch (kind) {
    case 'clock':
      return clock.subject;
    case 'database':
      return typeof options['keep'] === 'string'
        ? connection(options['keep'], String(options['file']), shop)
        : openDatabase(String(options['file']));
    case 'fn':
      return plainFunction(options);
    case 'ids':
      return ids(String(options['seed']));
    case 'made':
      return shop.kept(String(options['handle']));
    case 'played':
      return playedFunction(String(options['name']), send);
    default:
      throw new Error(`unknown dependency ${kind}`);
  }
}

/** One connection for all who name it, whoever names it first opens it. */
function connection(handle: string, file: string, { keep, kept }: Workshop): unknown {
  const open = kept(handle) as { open?: boolean } | undefined;
  if (open?.open === true) return open;
  const database = openDatabase(file);
  keep(handle, database);
  return database;
}

/** A function that answers in the same turn, which one that the suite plays cannot. */
function plainFunction(options: Record<string, unknown>): () => unknown {
  if ('returns' in options) return () => options['returns'];
  return () => {
    throw 'fails' in options ? new Error(String(options['fails'])) : options['throws'];
  };
}

/** Ids that look random and come again with the same seed: 26 lower-case letters and digits. */
function ids(seed: string): () => string {
  let count = 0;
  return () => {
    const digest = createHash('sha256').update(`${seed}:${count++}`).digest();
    return Array.from(digest.subarray(0, 26), (byte) => (byte % 36).toString(36)).join('');
  };
}
