import { inspect } from 'node:util';
import { currentRequest } from './bus.ts';

export const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 };
export type Level = keyof typeof LEVELS;
export type Log = (level: Level, msg: string, more?: object) => void;

export function createLog(options: {
  now: () => number;
  write: (text: string) => unknown;
  from: Level;
}): Log {
  return (level, msg, more = {}) => {
    if (LEVELS[level] < LEVELS[options.from]) return;
    const requestId = currentRequest.getStore();
    const time = new Date(options.now()).toISOString();
    const line = { time, level, ...(requestId === undefined ? {} : { requestId }), msg, ...more };
    options.write(JSON.stringify(line) + '\n');
  };
}

export const stack = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : inspect(error);
