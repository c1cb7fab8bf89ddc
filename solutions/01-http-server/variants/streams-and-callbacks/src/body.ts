import type { IncomingMessage } from 'node:http';

/** `gone`: the client left before the end. The bytes are empty unless the problem is null. */
export type BodyDone = (problem: 'too_large' | 'gone' | null, bytes: Buffer) => void;

/** Reads at most `limit` bytes of the body and calls `done` exactly once. */
export function readBody(request: IncomingMessage, limit: number, done: BodyDone): void {
  // One buffer, filled from the left: its size is the most that a client can make us keep.
  const kept = Buffer.alloc(limit);
  let length = 0;
  let finished = false;

  function finish(problem: 'too_large' | 'gone' | null): void {
    if (finished) return;
    finished = true;
    done(problem, problem === null ? kept.subarray(0, length) : Buffer.alloc(0));
  }

  request.on('data', (chunk: Buffer) => {
    if (finished) return;
    if (length + chunk.length > limit) {
      finish('too_large');
      return;
    }
    length += chunk.copy(kept, length);
  });
  request.on('end', () => finish(null));
  request.on('error', () => finish('gone'));
  request.on('close', () => finish('gone'));
}
