import type { HostEvent } from '../message/host.ts';

/** How a host ended. `why` is a sentence for the learner. */
export type Death = {
  cause: 'crashed' | 'hung' | 'exited' | 'memory';
  why: string;
  error: Extract<HostEvent, { event: 'uncaught' }>['error'] | null;
};

/** What the system tells of the end of a process. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** Names what ended a process, from what is known from outside. */
export function explainDeath(
  exit: Exit,
  known: {
    spawnError: Error | null;
    sentence: Pick<Death, 'cause' | 'why'> | null;
    uncaught: Death['error'];
    text: string;
  },
): Death {
  const error = known.uncaught;
  if (known.spawnError !== null) {
    return { cause: 'crashed', why: `it could not be started: ${known.spawnError.message}`, error };
  }
  if (known.sentence !== null && known.sentence.cause !== 'crashed') return { ...known.sentence, error };
  if (error !== null && /Array buffer allocation failed/.test(error.message)) {
    return { cause: 'memory', why: 'it ran out of memory', error };
  }
  if (error !== null)
    return {
      cause: 'crashed',
      why: `it ended with an error nobody caught: ${error.name}: ${error.message}`,
      error,
    };
  if (known.sentence !== null) return { ...known.sentence, error };
  // V8 says this as it aborts; a program that only prints it ends in another way.
  const aborted =
    exit.signal === 'SIGABRT' || exit.signal === 'SIGTRAP' || exit.signal === 'SIGILL' || exit.code === 134;
  if (aborted && /heap out of memory/.test(known.text)) {
    return { cause: 'memory', why: 'it ran out of memory', error };
  }
  if (exit.signal !== null)
    return { cause: 'exited', why: `it was ended by the signal ${exit.signal}`, error };
  if (exit.code === 0)
    return { cause: 'exited', why: 'it ended itself with exit code 0 (process.exit?)', error };
  return { cause: 'exited', why: `it ended itself with exit code ${exit.code}`, error };
}
