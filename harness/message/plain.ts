/**
 * Values as JSON text that keeps what JSON drops. A value that JSON has no word for becomes an object with the single
 * key `$` (a tag) and `v` (its content); an object that has a key `$` of its own is written as pairs.
 */

const MAX_DEPTH = 64;
const MAX_ENTRIES = 100_000;

/** Why a value cannot travel. Thrown by `encode` for the caller to turn into an answer. */
export class NotPlain extends Error {
  override name = 'NotPlain';
}

/** Stands for a dependency in the arguments of a call: the host builds the real thing from the description. */
export class Dependency {
  readonly kind: string;
  readonly options: Record<string, unknown>;
  constructor(kind: string, options: Record<string, unknown> = {}) {
    this.kind = kind;
    this.options = options;
  }
}

/** An Error on the other side of the wall, as data. */
export type PlainError = { name: string; message: string; code: string | null };

/** A value that cannot be copied (a function, a symbol, a class instance's behaviour), as data. */
export class Opaque {
  readonly type: string;
  readonly label: string;
  constructor(type: string, label: string) {
    this.type = type;
    this.label = label;
  }
}

/** An Error that arrived as data. */
export class RemoteError {
  readonly error: PlainError;
  constructor(error: PlainError) {
    this.error = error;
  }
}

/** Never throws: a subject may throw something whose fields throw when they are read. Texts are cut to 2,000 characters. */
export function describeError(thrown: unknown): PlainError {
  try {
    if (thrown instanceof Error) {
      const code = (thrown as { code?: unknown }).code;
      return {
        name: shortText(thrown.name),
        message: shortText(thrown.message),
        code: typeof code === 'string' || typeof code === 'number' ? shortText(code) : null,
      };
    }
  } catch {
    return { name: 'Error', message: 'an error that cannot be shown', code: null };
  }
  return { name: thrown === null ? 'null' : typeof thrown, message: shortText(thrown), code: null };
}

function shortText(value: unknown): string {
  try {
    return String(value).slice(0, 2000);
  } catch {
    return 'a value that cannot be shown';
  }
}

type Budget = { entries: number; open: Set<object> };

/** Text for one value. Throws NotPlain on a cycle, on depth over 64 and on more than 100,000 entries. */
export function encode(value: unknown): string {
  return JSON.stringify(toTagged(value, 0, { entries: MAX_ENTRIES, open: new Set() }));
}

function toTagged(value: unknown, depth: number, budget: Budget): unknown {
  if (depth > MAX_DEPTH) throw new NotPlain(`a value nested more than ${MAX_DEPTH} deep`);
  if (--budget.entries < 0) throw new NotPlain(`a value of more than ${MAX_ENTRIES} entries`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
    case 'undefined':
      return { $: 'undefined' };
    case 'bigint':
      return { $: 'bigint', v: value.toString() };
    case 'function':
    case 'symbol':
      return { $: 'opaque', v: [typeof value, shortText(typeof value === 'function' ? value.name : value)] };
    case 'object':
      return value === null ? null : objectToTagged(value, depth, budget);
  }
}

function objectToTagged(value: object, depth: number, budget: Budget): unknown {
  if (budget.open.has(value)) throw new NotPlain('a value that contains itself');
  budget.open.add(value);
  try {
    if (value instanceof Uint8Array) return { $: 'bytes', v: Buffer.from(value).toString('base64') };
    if (value instanceof Date)
      return { $: 'date', v: Number.isNaN(value.getTime()) ? null : value.getTime() };
    if (value instanceof Dependency) {
      return { $: 'dependency', v: [value.kind, toTagged(value.options, depth + 1, budget)] };
    }
    if (value instanceof Map) {
      return { $: 'map', v: Array.from(value, (pair) => toTagged(pair, depth + 1, budget)) };
    }
    if (value instanceof Set)
      return { $: 'set', v: Array.from(value, (item) => toTagged(item, depth + 1, budget)) };
    if (value instanceof Error) return { $: 'error', v: describeError(value) };
    if (Array.isArray(value)) {
      if (value.length > budget.entries) throw new NotPlain(`a list of ${value.length} entries`);
      return Array.from(value, (item: unknown) => toTagged(item, depth + 1, budget));
    }
    const pairs = Object.keys(value).map(
      (key) => [key, toTagged((value as Record<string, unknown>)[key], depth + 1, budget)] as const,
    );
    if (pairs.some(([key]) => key === '$' || key === '__proto__')) return { $: 'object', v: pairs };
    return Object.fromEntries(pairs);
  } finally {
    budget.open.delete(value);
  }
}

export type Decoded = { ok: true; value: unknown } | { ok: false; why: string };

/**
 * The value that a text from the other side stands for, as plain data: objects without prototype, buffers, dates, maps,
 * sets. Never throws: the text may come from a hostile program. `dependencies: false` where it does: the value may be
 * handed back to the program as an argument, and a description of a dependency in it would be carried out.
 */
export function decode(text: string, { dependencies = true }: { dependencies?: boolean } = {}): Decoded {
  try {
    return { ok: true, value: fromTagged(JSON.parse(text, dependencies ? undefined : noDependency), 0) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : 'not a value' };
  }
}

function noDependency(_key: string, item: unknown): unknown {
  if ((item as { $?: unknown } | null)?.$ === 'dependency')
    throw new NotPlain('a description of a dependency');
  return item;
}

function fromTagged(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH * 2) throw new NotPlain('a message nested too deep');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fromTagged(item, depth + 1));
  const tag = Object.hasOwn(value, '$') ? (value as { $: unknown }).$ : undefined;
  if (tag !== undefined) return fromTag(tag, (value as { v?: unknown }).v, depth);
  return plainObject(Object.entries(value), depth);
}

function plainObject(pairs: [string, unknown][], depth: number): Record<string, unknown> {
  const out = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of pairs) out[key] = fromTagged(item, depth + 1);
  return out;
}

function fromTag(tag: unknown, content: unknown, depth: number): unknown {
  switch (tag) {
    case 'undefined':
      return undefined;
    case 'number':
      return numberFrom(text(content));
    case 'bigint':
      return bigintFrom(text(content));
    case 'bytes':
      return Buffer.from(text(content), 'base64');
    case 'date':
      return new Date(typeof content === 'number' ? content : Number.NaN);
    case 'opaque': {
      const [type, label] = list(content);
      return new Opaque(text(type), text(label));
    }
    case 'error': {
      const { name, message, code } = content as Record<string, unknown>;
      return new RemoteError({
        name: text(name),
        message: text(message),
        code: code === null ? null : text(code),
      });
    }
    case 'dependency': {
      const [kind, options] = list(content);
      return new Dependency(text(kind), fromTagged(options, depth + 1) as Record<string, unknown>);
    }
    case 'map':
      return new Map(list(content).map((pair) => list(fromTagged(pair, depth + 1)) as [unknown, unknown]));
    case 'set':
      return new Set(list(content).map((item) => fromTagged(item, depth + 1)));
    case 'object':
      return plainObject(
        list(content).map((pair) => {
          const [key, item] = list(pair);
          return [text(key), item];
        }),
        depth,
      );
    default:
      throw new NotPlain('an unknown tag');
  }
}

function numberFrom(content: string): number {
  if (!['NaN', 'Infinity', '-Infinity', '-0'].includes(content)) throw new NotPlain('an unknown number');
  return Number(content);
}

function bigintFrom(content: string): bigint {
  if (!/^-?\d{1,10000}$/.test(content)) throw new NotPlain('not a big integer');
  return BigInt(content);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new NotPlain('a tag without its text');
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new NotPlain('a tag without its list');
  return value as unknown[];
}
