import { AsyncLocalStorage } from 'node:async_hooks';

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

export type Log = Record<Level, (msg: string, fields?: Readonly<Record<string, unknown>>) => void>;

/** The id of the request that runs, wherever the code is: it follows every await and every callback. */
export const currentRequest = new AsyncLocalStorage<string>();

/**
 * A log of one JSON object a line. Callers name each field that they log: nothing is logged because it was part of an
 * object, so no header and no body gets in by accident.
 */
export function createLog({
  write,
  clock,
  level: least = 'info',
}: {
  write: (text: string) => unknown;
  clock: { now(): number };
  level?: Level | undefined;
}): Log {
  const at =
    (level: Level) =>
    (msg: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
      const time = new Date(clock.now()).toISOString();
      // JSON escapes newlines, so no text from outside can look like a line of ours.
      write(`${JSON.stringify({ time, level, msg, requestId: currentRequest.getStore(), ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** An error as its stack, whatever was thrown. */
export function stackOf(error: unknown): string {
  return error instanceof Error
    ? (error.stack ?? `${error.name}: ${error.message}`)
    : `thrown: ${String(error)}`;
}
