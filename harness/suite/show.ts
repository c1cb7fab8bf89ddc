import { Dependency, Opaque, RemoteError } from '../message/plain.ts';

const LINE_LIMIT = 400;

/** A value in one readable line, as a learner would write it. Cut after 400 characters. */
export function show(value: unknown): string {
  return cut(write(value, 0));
}

/** Text in quotes, with what cannot be seen written out. */
export function quote(text: string): string {
  return cut(JSON.stringify(text));
}

export function cut(text: string, limit = LINE_LIMIT): string {
  if (text.length <= limit) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}

function write(value: unknown, depth: number): string {
  if (depth > 6) return '…';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, depth);
    default:
      return String(value);
  }
}

function writeObject(value: object, depth: number): string {
  const inner = (item: unknown) => write(item, depth + 1);
  if (value instanceof Uint8Array) return `bytes of ${JSON.stringify(Buffer.from(value).toString('utf8'))}`;
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'an invalid Date' : `Date ${value.toISOString()}`;
  if (value instanceof Dependency) return `(${value.kind})`;
  if (value instanceof Opaque) return `a ${value.type}${value.label === '' ? '' : ` ${value.label}`}`;
  if (value instanceof RemoteError) return `${value.error.name}: ${value.error.message}`;
  if (value instanceof Map)
    return `Map {${[...value].map(([k, v]) => `${inner(k)} => ${inner(v)}`).join(', ')}}`;
  if (value instanceof Set) return `Set {${[...value].map(inner).join(', ')}}`;
  if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`;
  const pairs = Object.entries(value).map(
    ([key, item]) => `${/^[a-z_$][\w$]*$/i.test(key) ? key : JSON.stringify(key)}: ${inner(item)}`,
  );
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}
