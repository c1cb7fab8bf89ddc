/** What is stored of a job, and every step of its life as a function from one document to the next. No I/O, no time. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type State = 'pending' | 'running' | 'done' | 'dead';

export type Document = {
  type: string;
  payload: Json;
  state: State;
  /** While it waits: when it is due. While it runs: when its lease ends, since it is due again then. */
  due: number;
  priority: number;
  key: string | null;
  attempts: number;
  patience: number;
  error: string | null;
  /** Which claim holds it. */
  holder: string | null;
  series: string | null;
  /** When the period began for which it was scheduled. */
  since: number | null;
};

export type Retry = { baseMs: number; maxMs: number };

type Step = (job: Document) => Document | undefined;

const free = { holder: null } as const;

/** Undefined: it was not for taking after all. A run that was lost counts; the last of them makes the job dead. */
export function claimed(now: number, holder: string, leaseMs: number): Step {
  return (job) => {
    if (job.due > now || (job.state !== 'pending' && job.state !== 'running')) return undefined;
    if (job.state === 'running' && job.attempts >= job.patience) {
      return { ...job, ...free, state: 'dead', error: job.error ?? 'its worker vanished' };
    }
    return { ...job, state: 'running', attempts: job.attempts + 1, due: now + leaseMs, holder };
  };
}

const held =
  (now: number, holder: string, step: (job: Document) => Document): Step =>
  (job) =>
    job.state === 'running' && job.holder === holder && job.due > now ? step(job) : undefined;

export function renewed(now: number, holder: string, leaseMs: number): Step {
  return held(now, holder, (job) => ({ ...job, due: now + leaseMs }));
}

export function succeeded(now: number, holder: string): Step {
  return held(now, holder, (job) => ({ ...job, ...free, state: 'done' }));
}

/** `luck` is a random number from 0 to 1. */
export function failed(now: number, holder: string, error: string, retry: Retry, luck: number): Step {
  return held(now, holder, (job) => {
    if (job.attempts >= job.patience) return { ...job, ...free, state: 'dead', error };
    const wait = Math.min(retry.maxMs, retry.baseMs * 2 ** (job.attempts - 1));
    return { ...job, ...free, state: 'pending', error, due: now + wait / 2 + (luck * wait) / 2 };
  });
}

/** The run that was cut short is not counted. */
export function givenBack(now: number, holder: string): Step {
  return held(now, holder, (job) => ({
    ...job,
    ...free,
    state: 'pending',
    due: now,
    attempts: job.attempts - 1,
  }));
}

export function revived(now: number): Step {
  return (job) => (job.state === 'dead' ? { ...job, state: 'pending', attempts: 0, due: now } : undefined);
}
