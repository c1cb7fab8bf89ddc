import type { HostEvent, PlayedOutcome } from '../message/host.ts';
import { decode, encode } from '../message/plain.ts';

/** Arguments travel in one message, with room to spare for how it is written. */
const ARGUMENTS_LIMIT = 250_000;

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

let waiting = new Map<number, Waiting>();
let nextCall = 1;

/**
 * An asynchronous function for the subject that the suite plays: every call travels out, and settles when the suite
 * answers it.
 */
export function playedFunction(
  name: string,
  send: (event: HostEvent) => void,
): (...args: unknown[]) => Promise<unknown> {
  return (...args) => {
    const call = nextCall++;
    return new Promise((resolve, reject) => {
      // Throws, and so rejects, when the arguments are no plain values.
      const text = encode(args);
      if (text.length > ARGUMENTS_LIMIT)
        throw new RangeError(`${name} was called with more than ${ARGUMENTS_LIMIT} bytes`);
      waiting.set(call, { resolve, reject });
      send({ event: 'called', name, call, args: text });
    });
  };
}

/** Settles a call. Late answers to calls of an earlier rule are dropped. */
export function answerPlayed(call: number, outcome: PlayedOutcome): void {
  const caller = waiting.get(call);
  waiting.delete(call);
  if (caller === undefined) return;
  if (outcome.kind === 'error') {
    const error = new Error(outcome.message) as Error & { code?: string };
    error.name = outcome.name;
    if (outcome.code !== null) error.code = outcome.code;
    Object.assign(error, outcome.fields);
    caller.reject(error);
    return;
  }
  const decoded = decode(outcome.value);
  if (decoded.ok) caller.resolve(decoded.value);
}

export function forgetPlayed(): void {
  waiting = new Map();
}
