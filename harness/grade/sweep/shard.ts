import { createHash } from 'node:crypto';

/** A part of a class. `index`: from 1 to `count`. */
export type Shard = { index: number; count: number };

const MOST = 1_000;

/** `2/5`; null: it is no shard. */
export function shardOf(typed: string): Shard | null {
  const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(typed) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index <= shard.count && shard.count <= MOST ? shard : null;
}

/** Whether a student belongs to a shard: by the name alone, so a roster may grow and change its order. */
export function isInShard(student: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(student).digest().readUInt32BE(0) % count === index - 1;
}
