import { request as send } from 'node:http';
import type { HostEvent, HostResult, PlayedOutcome } from '../../message/host.ts';
import { decode, Dependency, encode, Opaque } from '../../message/plain.ts';
import type { PlainError } from '../../message/plain.ts';
import type { AppAnswer } from '../../message/tests.ts';
import type { HostProcess, Reply } from '../process.ts';

type CalledEvent = Extract<HostEvent, { event: 'called' }>;

/** What reached the program, counted here: a report cannot say otherwise. */
export type Reached = {
  /** How often each export was called. */
  calls: Record<string, number>;
  /** Requests to apps that a test made. */
  requests: number;
  /** Requests to whole programs that a test started. */
  programRequests: number;
  started: number;
  stopped: number;
};

/** The call that every compiled program has for its functions: it tells what became of the arguments too. */
export const CALL_EXPORT = '__call';

/** How long the program is waited for, in milliseconds. */
const ANSWER_WITHIN = 5_000;

const MOST_HANDLES = 2_000;
const BODY_LIMIT = 512 * 1024;

/**
 * Joins the process of a learner's tests with that of one program: calls and requests go one way, calls of functions that
 * tests passed to an app go the other. Whatever comes from the tests may come from a stranger.
 */
export class Switchboard {
  readonly reached: Reached = { calls: {}, requests: 0, programRequests: 0, started: 0, stopped: 0 };
  private readonly tests: HostProcess;
  private readonly program: HostProcess;
  /** The functions that tests may call, and those that make an app or start a program. */
  private readonly exports: ReadonlySet<string>;
  private readonly ports = new Map<string, number>();

  constructor(tests: HostProcess, program: HostProcess, exports: ReadonlySet<string>) {
    this.tests = tests;
    this.program = program;
    this.exports = exports;
    tests.onCalled = (event) => void this.hear(event);
    program.onCalled = (event) => void this.callBack(event);
  }

  private async hear(event: CalledEvent): Promise<void> {
    let outcome: PlayedOutcome;
    try {
      outcome = { kind: 'value', value: await this.perform(event) };
    } catch (error) {
      const message = error instanceof Error ? error.message : 'it cannot be done';
      outcome = { kind: 'error', name: 'Error', message, code: null };
    }
    if (event.call > 0) {
      await this.tests.request({ op: 'answer', call: event.call, outcome }, ANSWER_WITHIN);
      return;
    }
    const threw = { outcome: { threw: { name: 'Error', message: '', code: null } }, args: [] };
    this.tests.answerNow(
      outcome.kind === 'value' ? outcome.value : encode({ ...threw, outcome: { threw: asError(outcome) } }),
    );
  }

  private async perform({ name, args: text }: CalledEvent): Promise<string> {
    const decoded = decode(text, { dependencies: false });
    if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error('these arguments cannot be read');
    const args = decoded.value as unknown[];
    const [first] = args;
    if (typeof first !== 'string') throw new Error('there is no such function');
    switch (name) {
      case 'call':
        return await this.call(first, args[1]);
      case 'app':
      case 'start':
        return await this.make(name, first, args);
      case 'stop':
        if (!this.ports.has(first)) throw new Error('no such program runs');
        this.reached.stopped++;
        await this.ask({ op: 'close', handle: first });
        this.ports.delete(first);
        return encode(null);
      case 'request':
        return await this.request(first, args);
      default:
        throw new Error('there is no such function');
    }
  }

  private async call(name: string, args: unknown): Promise<string> {
    this.mustExport(name);
    const result = await this.ask({
      op: 'call',
      export: CALL_EXPORT,
      args: encode([name, Array.isArray(args) ? args : []]),
      keep: null,
    });
    this.count(name);
    if (result.kind === 'value') return result.value;
    if (result.kind === 'threw') return encode({ outcome: { threw: plainError(result.error) }, args });
    throw new Error(result.kind === 'cannot' ? result.why : 'the program gave no answer');
  }

  private async make(op: 'app' | 'start', name: string, [, handle, passed]: unknown[]): Promise<string> {
    this.mustExport(name);
    if (typeof handle !== 'string' || this.ports.has(handle) || this.ports.size > MOST_HANDLES)
      throw new Error('there are too many apps');
    const args = (Array.isArray(passed) ? passed : []).map((arg, index) =>
      withFunctions(arg, `${handle}|${index}`),
    );
    const made = await this.ask({ op: 'call', export: name, args: encode(args), keep: handle });
    if (made.kind === 'threw') return encode(plainError(made.error));
    const listening = await this.ask({ op: 'listen', handle });
    if (listening.kind !== 'port') throw new Error('the program does not listen');
    this.ports.set(handle, listening.port);
    this.count(name);
    if (op === 'start') this.reached.started++;
    return encode(null);
  }

  private async request(handle: string, [, method, target, headers, body]: unknown[]): Promise<string> {
    const port = this.ports.get(handle);
    if (port === undefined) throw new Error('no such program runs');
    if (handle.startsWith('program-')) this.reached.programRequests++;
    else this.reached.requests++;
    const answer = await requestOf({ port, method: String(method), target: String(target) }, headers, body);
    return encode(answer);
  }

  /** The program calls a function that a test passed to an app. */
  private async callBack({ name, call, args }: CalledEvent): Promise<void> {
    const [on = '', path = ''] = name.split('|');
    await this.settle();
    const reply = await this.tests.request({ op: 'call', export: path, args, keep: null, on }, ANSWER_WITHIN);
    await this.program.request({ op: 'answer', call, outcome: outcomeOf(reply) }, ANSWER_WITHIN);
  }

  /**
   * Two turns of both event loops: requests that a test sent at one moment have all arrived before the program hears the
   * first answer to what it asked meanwhile. In one process they would be as close.
   */
  private async settle(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      await this.tests.request({ op: 'ping' }, ANSWER_WITHIN);
      await this.program.request({ op: 'ping' }, ANSWER_WITHIN);
    }
  }

  private count(name: string): void {
    this.reached.calls[name] = (this.reached.calls[name] ?? 0) + 1;
  }

  private mustExport(name: string): void {
    if (!this.exports.has(name)) throw new Error('there is no such function');
  }

  private async ask(request: Parameters<HostProcess['request']>[0]): Promise<HostResult> {
    const reply = await this.program.request(request, ANSWER_WITHIN);
    if (reply.kind === 'reply') return reply.result;
    throw new Error(reply.kind === 'late' ? 'the program gave no answer' : 'the program has ended');
  }
}

function outcomeOf(reply: Reply): PlayedOutcome {
  if (reply.kind === 'reply' && reply.result.kind === 'value') {
    // What a test answers may not describe a dependency: the program's host would carry it out.
    const decoded = decode(reply.result.value, { dependencies: false });
    if (decoded.ok) return { kind: 'value', value: reply.result.value };
  }
  if (reply.kind === 'reply' && reply.result.kind === 'threw') {
    const { name, message, code } = reply.result.error;
    return { kind: 'error', name, message, code };
  }
  return { kind: 'error', name: 'Error', message: 'the function gave no answer', code: null };
}

function plainError({ name, message, code }: PlainError): PlainError {
  return { name, message, code };
}

function asError(outcome: PlayedOutcome): PlainError {
  return outcome.kind === 'error' ? plainError(outcome) : { name: 'Error', message: '', code: null };
}

/** Puts a played function where the tests passed one; its name leads back to it. */
function withFunctions(value: unknown, path: string): unknown {
  if (value instanceof Opaque && value.type === 'function') return new Dependency('played', { name: path });
  if (Array.isArray(value)) return value.map((item, index) => withFunctions(item, `${path}.${index}`));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withFunctions(item, `${path}.${key}`)]),
  );
}

type Where = { port: number; method: string; target: string };

/** Null: the program broke the connection off. */
async function requestOf(
  { port, method, target }: Where,
  headers: unknown,
  body: unknown,
): Promise<AppAnswer | null> {
  return await new Promise((resolve, reject) => {
    const request = send({
      port,
      host: '127.0.0.1',
      method,
      path: target,
      headers: headersOf(headers),
      agent: false,
    });
    request.setTimeout(ANSWER_WITHIN, () => request.destroy());
    request.on('error', () => resolve(null));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BODY_LIMIT) request.destroy();
        else chunks.push(chunk);
      });
      response.on('error', () => resolve(null));
      response.on('end', () => {
        const { statusCode: status = 500, statusMessage: reason = '', rawHeaders } = response;
        resolve({ status, reason, headers: withoutHop(rawHeaders), body: Buffer.concat(chunks) });
      });
    });
    try {
      request.end(body instanceof Uint8Array ? body : undefined);
    } catch (error) {
      reject(error instanceof Error ? error : new Error('the request cannot be sent'));
    }
  });
}

/** Headers of this connection alone are made anew on the other one. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection', 'upgrade']);

function headersOf(raw: unknown): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  const pairs = Array.isArray(raw) ? raw.map(String) : [];
  for (let at = 0; at + 1 < pairs.length && at < 200; at += 2) {
    const name = (pairs[at] ?? '').toLowerCase();
    if (HOP.has(name) || name === '__proto__') continue;
    const before = out[name];
    const value = pairs[at + 1] ?? '';
    out[name] = before === undefined ? value : [before, value].flat();
  }
  return out;
}

function withoutHop(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !HOP.has((raw[index - (index % 2)] ?? '').toLowerCase()));
}
