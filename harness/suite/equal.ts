import { Opaque, RemoteError } from '../message/plain.ts';

/**
 * Whether two plain values are the same: key order and prototypes do not matter, NaN equals NaN, bytes compare as bytes.
 * Values have crossed the wall as data, so nothing here can run a subject's code.
 */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === 0 && b === 0) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.from(a).equals(Buffer.from(b));
  }
  if (a instanceof Date || b instanceof Date) {
    return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
  }
  if (a instanceof Opaque || b instanceof Opaque || a instanceof RemoteError || b instanceof RemoteError)
    return false;
  if (a instanceof Map || b instanceof Map) {
    return a instanceof Map && b instanceof Map && same([...a], [...b]);
  }
  if (a instanceof Set || b instanceof Set) {
    return a instanceof Set && b instanceof Set && same([...a], [...b]);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same((a as Keyed)[key], (b as Keyed)[key]))
  );
}

/** Whether `whole` has everything that `part` has; more fields are free. Lists compare item by item, in full. */
export function includes(whole: unknown, part: unknown): boolean {
  const plain = (value: unknown): value is Keyed =>
    typeof value === 'object' && value !== null && PLAIN.has(Object.getPrototypeOf(value) as object | null);
  if (!plain(whole) || !plain(part)) return same(whole, part);
  return Object.keys(part).every((key) => Object.hasOwn(whole, key) && includes(whole[key], part[key]));
}

/** What dates, maps and lists are not. */
const PLAIN: ReadonlySet<object | null> = new Set([null, Object.prototype]);

type Keyed = Record<string, unknown>;
