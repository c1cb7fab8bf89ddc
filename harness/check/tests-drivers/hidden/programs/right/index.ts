import { createServer } from 'node:http';
import type { Server } from 'node:http';

/** Doubles a number. */
export function double(value: number): number {
  if (value < 0) throw new RangeError('below zero');
  return value * 2;
}

/** Asks for a number, and answers with it. */
export function createApp({ ask }: { ask: () => Promise<number> }): Server {
  return createServer((_request, response) => {
    void ask().then((value) => response.end(String(double(value))));
  });
}
