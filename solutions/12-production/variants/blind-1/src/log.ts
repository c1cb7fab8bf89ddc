import { AsyncLocalStorage } from 'node:async_hooks';

export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

export type Fields = Record<string, string | number | boolean>;

export type LogOptions = {
  clock: { now(): number };
  /** Takes whole lines. */
  write: (text: string) => unknown;
  /** Lines below it are left out. */
  level?: Level | undefined;
};

/** Writes one JSON object for each line. It knows in which request it is called. */
export class Log {
  readonly #options: LogOptions;
  readonly #lowest: number;
  readonly #requestId = new AsyncLocalStorage<string>();

  constructor(options: LogOptions) {
    this.#options = options;
    this.#lowest = levels.indexOf(options.level ?? 'debug');
  }

  /** All that `work` does, also after an `await`, belongs to the request `requestId`. */
  within<Result>(requestId: string, work: () => Result): Result {
    return this.#requestId.run(requestId, work);
  }

  debug(msg: string, fields: Fields = {}): void {
    this.#line('debug', msg, fields);
  }

  info(msg: string, fields: Fields = {}): void {
    this.#line('info', msg, fields);
  }

  warn(msg: string, fields: Fields = {}): void {
    this.#line('warn', msg, fields);
  }

  error(msg: string, fields: Fields = {}): void {
    this.#line('error', msg, fields);
  }

  #line(level: Level, msg: string, fields: Fields): void {
    if (levels.indexOf(level) < this.#lowest) return;
    const { clock, write } = this.#options;
    const requestId = this.#requestId.getStore();
    const line = {
      time: new Date(clock.now()).toISOString(),
      level,
      msg,
      ...(requestId === undefined ? {} : { requestId }),
      ...fields,
    };
    write(`${JSON.stringify(line)}\n`);
  }
}

/** The stack of whatever was thrown, always with its message. */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `Thrown, and no Error: ${describe(thrown)}`;
  const stack = typeof thrown.stack === 'string' ? thrown.stack : '';
  const message = String(thrown.message);
  return stack.includes(message) && stack !== '' ? stack : `${thrown.name}: ${message}\n${stack}`;
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return typeof thrown;
  }
}
