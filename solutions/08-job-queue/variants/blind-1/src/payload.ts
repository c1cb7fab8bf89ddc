import type { Json } from './queue.ts';

const MOST_BYTES = 65_536;

/** The JSON text of a payload. It throws when the payload is no JSON value, or too large. */
export function encodePayload(payload: unknown): string {
  assertJson(payload);
  const text = JSON.stringify(payload);
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw new RangeError(`the payload has ${bytes} bytes, more than ${MOST_BYTES}`);
  return text;
}

function assertJson(value: unknown): asserts value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    // By index: a hole is `undefined`.
    for (let index = 0; index < value.length; index += 1) assertJson(value[index]);
    return;
  }
  if (typeof value === 'object' && isPlain(value)) {
    for (const item of Object.values(value)) assertJson(item);
    return;
  }
  throw new TypeError('the payload holds something that JSON does not know');
}

/** Made by `{}`, here or in another realm, or without a prototype: no Date, no Map, nothing with a class. */
function isPlain(value: object): boolean {
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}
