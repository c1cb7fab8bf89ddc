import type { Database } from 'better-sqlite3';

/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** What names a job: a text or a number. Yours to choose. */
export type JobId = string | number;

/** All that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JobStatus = 'pending' | 'running' | 'done' | 'dead';

export type Job = {
  id: JobId;
  /** Which handler is meant. */
  type: string;
  payload: Json;
  status: JobStatus;
  /** How many runs have begun, since it was enqueued or brought back from the dead. */
  attempts: number;
  /** While it is pending: not before this time, in milliseconds since 1970. */
  runAt: number;
  /** What the last failure said. */
  lastError: string | null;
};

export type EnqueueOptions = {
  /** Not before so many milliseconds from now. 0 when left out. */
  delayMs?: number;
  /** A whole number; a higher one goes first. 0 when left out. */
  priority?: number;
  /** While a job with this key is pending or running, no second one is made. */
  dedupeKey?: string;
  /** After so many failures the job is dead. 5 when left out. */
  maxAttempts?: number;
};

export type Recurring = { everyMs: number; type: string; payload: Json };

export type Queue = {
  /** Stores a job. Synchronous, so that it can be a part of the caller's transaction. */
  enqueue(type: string, payload: Json, options?: EnqueueOptions): JobId;
  get(id: JobId): Job | null;
  deadLetters(): Job[];
  /** Gives a dead job a fresh start. False: there is no such dead job. */
  retryDead(id: JobId): boolean;
  /** Enqueues a job once for every period of `everyMs`. Null: this period has its job already. */
  schedule(name: string, recurring: Recurring): JobId | null;
};

export function createQueue(options: { db: Database; clock: Clock }): Queue {
  // TODO R1: make your table when it is missing: CREATE TABLE IF NOT EXISTS …
  return {
    enqueue(type, payload, options) {
      // TODO R1: store the job. TODO R9: delay and priority. TODO R13: dedupeKey. TODO R16: what is no payload?
      return '';
    },
    get(id) {
      // TODO R1: what is known of this job.
      return null;
    },
    deadLetters() {
      // TODO R6
      return [];
    },
    retryDead(id) {
      // TODO R6
      return false;
    },
    schedule(name, recurring) {
      // TODO R15
      return null;
    },
  };
}
