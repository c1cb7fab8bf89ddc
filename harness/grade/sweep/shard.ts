import { createHash } from 'node:crypto';
import { z } from 'zod';
import { NAME } from '../assignment/assignment.ts';
import type { Assignment } from '../assignment/assignment.ts';

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

/** shard.json: what the shards of one class have in common, and which one lies here. */
export const shardFile = z.strictObject({
  schema: z.literal(1),
  shard: z.strictObject({ index: z.int().min(1).max(MOST), count: z.int().min(1).max(MOST) }),
  /** All students of the class, in the order of the roster. */
  roster: z.array(z.string().regex(NAME)).max(100_000),
  /** SHA-256, hex: of the assignment, of the program that judged, and of each exercise's suite. */
  assignment: z.string(),
  harness: z.string(),
  suites: z.record(z.string(), z.string()),
  /** Node.js, major.minor. */
  node: z.string(),
  isolation: z.enum(['namespace', 'permission', 'none']),
});
export type ShardFile = z.infer<typeof shardFile>;

/** SHA-256, hex, over all that an assignment says. */
export function digestOfAssignment(assignment: Assignment): string {
  return createHash('sha256').update(JSON.stringify(assignment)).digest('hex');
}
