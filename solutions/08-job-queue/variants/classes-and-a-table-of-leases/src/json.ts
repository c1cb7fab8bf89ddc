export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const MOST_BYTES = 65_536;

/** The JSON text of a payload. Throws on what JSON cannot hold, and on what is too long. */
export function jsonText(payload: unknown): string {
  const text = JSON.stringify(data(payload, 'payload'));
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new RangeError(`The payload has more than ${MOST_BYTES} bytes`);
  return text;
}

function data(value: unknown, path: string): unknown {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  if (Array.isArray(value)) {
    value.forEach((item, index) => data(item, `${path}[${index}]`));
    return value;
  }
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${path} is not JSON`);
  for (const [key, item] of Object.entries(value as object)) data(item, `${path}.${key}`);
  return value;
}
