import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode, encode } from '../../message/plain.ts';
import type { PlainError } from '../../message/plain.ts';
import type { AppAnswer, Called } from '../../message/tests.ts';

/** The line to the program, which runs in another process: `now` stands still until the answer is there. */
export type Line = {
  now(name: string, args: readonly unknown[]): unknown;
  later(name: string, args: readonly unknown[]): Promise<unknown>;
};

let line: Line | null = null;

export function connectFace(to: Line): void {
  line = to;
}

/** The functions that tests passed to an app, by its handle and their path in what was passed. */
const given = new Map<string, Map<string, (...args: unknown[]) => unknown>>();
let handles = 0;

/**
 * The program as its tests see it. It is the same for every program, byte by byte: whatever a test can find out, it finds
 * out by what the program does.
 */
export const subject = {
  /** A function that answers at once. What it does to its arguments is done to them here. */
  call:
    (name: string) =>
    (...args: unknown[]): unknown => {
      const { outcome, args: after } = theLine().now('call', [name, args.map(plainData)]) as Called;
      args.forEach((arg, index) => becomes(arg, after[index]));
      if ('threw' in outcome) throw revived(outcome.threw);
      return outcome.value;
    },

  /** A factory of servers. Requests go to the program; functions that are passed are called back here. */
  app:
    (name: string) =>
    (...args: unknown[]): Server => {
      const handle = `app-${++handles}`;
      const passed = args.map((arg, index) => described(arg, handle, `${index}`, 0));
      const failed = theLine().now('app', [name, handle, passed]) as PlainError | null;
      if (failed !== null) throw revived(failed);
      return serverFor(handle);
    },

  /** The whole program, with its settings, on a port of its own. */
  start:
    (name: string) =>
    async (...args: unknown[]): Promise<{ url: string; stop: () => Promise<void> }> => {
      const handle = `program-${++handles}`;
      const passed = args.map((arg, index) => described(arg, handle, `${index}`, 0));
      const failed = (await theLine().later('start', [name, handle, passed])) as PlainError | null;
      if (failed !== null) throw revived(failed);
      const server = serverFor(handle);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const stop = async (): Promise<void> => {
        if (!server.listening) return;
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
        await theLine().later('stop', [handle]);
      };
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
    },
};

/** The program calls a function that a test passed to it. */
export async function callGiven(handle: string, path: string, args: unknown[]): Promise<unknown> {
  const target = given.get(handle)?.get(path);
  if (target === undefined) throw new TypeError(`${path} is not a function`);
  return await target(...args.map(ordinary));
}

function theLine(): Line {
  if (line === null) throw new Error('the program is not connected');
  return line;
}

function serverFor(handle: string): Server {
  const server = createServer((request, response) => void forward(handle, request, response));
  server.unref();
  return server;
}

async function forward(handle: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, rawHeaders } = request;
    const body = Buffer.concat(chunks);
    const answer = await theLine().later('request', [handle, method, url, rawHeaders, body]);
    if (answer === null) throw new Error('the program broke the connection off');
    const { status, reason, headers, body: content } = answer as AppAnswer;
    response.sendDate = false;
    response.writeHead(status, reason, headers);
    response.end(content);
  } catch {
    response.destroy();
  }
}

/** Arguments are data. A function among them would be another thing in another process. */
function plainData(arg: unknown): unknown {
  const hidden = functionIn(arg, '', 0);
  if (hidden === null) return arg;
  throw new TypeError(`this function takes plain data, and there is a function in it${hidden}`);
}

function functionIn(value: unknown, path: string, depth: number): string | null {
  if (typeof value === 'function') return path === '' ? '' : `: ${path.slice(1)}`;
  if (typeof value !== 'object' || value === null || depth > 20) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = functionIn(item, `${path}.${key}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

const DEEPEST = 6;

/** What is passed to an app, as data: functions stand in it as marks, and are kept here to be called. */
function described(value: unknown, handle: string, path: string, depth: number): unknown {
  if (typeof value === 'function') {
    keep(handle, path, value as (...args: unknown[]) => unknown);
    return value;
  }
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value) || value instanceof Date || value instanceof Uint8Array) return value;
  const out: Record<string, unknown> = {};
  for (const key of keysOf(value)) {
    const item = (value as Record<string, unknown>)[key];
    // A fake may be an object of a class: its methods stand on the prototype, and need their `this`.
    if (typeof item === 'function') {
      keep(handle, `${path}.${key}`, (...args) =>
        ((value as Record<string, unknown>)[key] as (...args: unknown[]) => unknown).apply(value, args),
      );
      out[key] = item;
    } else out[key] = described(item, handle, `${path}.${key}`, depth + 1);
  }
  return out;
}

function keep(handle: string, path: string, target: (...args: unknown[]) => unknown): void {
  const known = given.get(handle) ?? new Map<string, (...args: unknown[]) => unknown>();
  given.set(handle, known.set(path, target));
}

function keysOf(value: object): string[] {
  const keys = new Set(Object.keys(value));
  for (let at: unknown = Object.getPrototypeOf(value); at !== null && at !== Object.prototype;) {
    for (const key of Object.getOwnPropertyNames(at)) if (key !== 'constructor') keys.add(key);
    at = Object.getPrototypeOf(at);
  }
  return [...keys];
}

/** Does to an argument what the program did to its copy of it. */
function becomes(mine: unknown, after: unknown): void {
  if (typeof mine !== 'object' || mine === null || typeof after !== 'object' || after === null) return;
  if (mine instanceof Date || mine instanceof Uint8Array || same(mine, after)) return;
  const target = mine as Record<string, unknown>;
  if (Array.isArray(target) && Array.isArray(after)) target.length = after.length;
  for (const key of Object.keys(target)) if (!Object.hasOwn(after, key)) delete target[key];
  for (const [key, item] of Object.entries(after)) {
    const own = target[key];
    const isContainer = typeof own === 'object' && own !== null && typeof item === 'object' && item !== null;
    if (isContainer && Array.isArray(own) === Array.isArray(item)) becomes(own, item);
    else if (!same(own, item)) target[key] = item;
  }
}

function same(a: unknown, b: unknown): boolean {
  return encode(a) === encode(b);
}

const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function revived({ name, message, code }: PlainError): Error {
  const Kind = (Object.hasOwn(ERRORS, name) ? ERRORS[name] : undefined) ?? Error;
  const error = new Kind(message);
  if (error.name !== name) error.name = name;
  if (code !== null) Object.assign(error, { code });
  return error;
}

/** A value from the other side, with the prototypes that such a value has here. */
export function arrived(text: string): unknown {
  const decoded = decode(text, { dependencies: false });
  if (!decoded.ok) throw new Error(decoded.why);
  return ordinary(decoded.value);
}

function ordinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordinary);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ordinary(item)]));
}
