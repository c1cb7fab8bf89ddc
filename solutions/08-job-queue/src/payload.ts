/** All that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** In bytes. What is larger belongs into a file store, and its name into the payload. */
const LIMIT = 65_536;

/** A payload as text. Throws when it is more than data, or too much of it. */
export function textOf(payload: Json): string {
  // Throws by itself at a cycle and at a BigInt. What it drops or turns into something else is found below.
  const text = JSON.stringify(payload) as string | undefined;
  if (text === undefined || !isJson(payload)) throw new TypeError('a payload is a JSON value');
  if (Buffer.byteLength(text) > LIMIT) throw new RangeError(`a payload has at most ${LIMIT} bytes`);
  return text;
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}
