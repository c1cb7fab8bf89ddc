import { createHash } from 'node:crypto';
import type { HostEvent } from '../message/host.ts';
import { Dependency } from '../message/plain.ts';
import type { MovedClock } from './clock.ts';
import { openDatabase } from './databases.ts';
import { playedFunction } from './played.ts';

/** What dependencies are built with. */
export type Workshop = { clock: MovedClock; send: (event: HostEvent) => void };

/** Puts the real dependencies in the place of their descriptions. */
export function build(value: unknown, shop: Workshop): unknown {
  if (value instanceof Dependency) return real(value, shop);
  if (Array.isArray(value)) return value.map((item) => build(item, shop));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, build(item, shop)]));
}

function real({ kind, options }: Dependency, { clock, send }: Workshop): unknown {
  switch (kind) {
    case 'clock':
      return clock.subject;
    case 'database':
      return openDatabase(String(options['file']));
    case 'ids':
      return ids(String(options['seed']));
    case 'played':
      return playedFunction(String(options['name']), send);
    default:
      throw new Error(`unknown dependency ${kind}`);
  }
}

/** Ids that look random and come again with the same seed: 26 lower-case letters and digits. */
function ids(seed: string): () => string {
  let count = 0;
  return () => {
    const digest = createHash('sha256').update(`${seed}:${count++}`).digest();
    return Array.from(digest.subarray(0, 26), (byte) => (byte % 36).toString(36)).join('');
  };
}
