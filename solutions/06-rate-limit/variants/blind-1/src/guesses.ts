import { createHash, randomUUID } from 'node:crypto';
import { change, type Store } from './store.ts';

const MINUTE = 60_000;
const MAX_FAILURES = 5;

/** A failure counts for 15 minutes. A guess is dated when it arrives: one minute more is for looking at it. */
const FAILURE_MS = 16 * MINUTE;
const TTL_MS = 2 * FAILURE_MS;

/** Nobody looks at a password for so long. A guess that is open for longer was lost, with its process or its store. */
const LOST_AFTER_MS = MINUTE;

/** A guess that is being looked at (open), or that was wrong. Both count. */
type Guess = { id: string; at: number; open: boolean };

type Surroundings = { store: Store; clock: { now(): number } };

export type Admission = { admitted: true; id: string } | { admitted: false; retryAfterMs: number };

/** The key of an account and an address. Hashed, because an account may be a very long text. */
export function guessesKey(account: string, address: string): string {
  const hash = createHash('sha256').update(JSON.stringify([account, address]));
  return `login:${hash.digest('base64url')}`;
}

/** Before the password is looked at: counts the guess as if it had failed, or refuses it. */
export async function admitGuess({ store, clock }: Surroundings, key: string): Promise<Admission> {
  const id = randomUUID();
  return change<Guess[], Admission>(store, key, TTL_MS, (old) => {
    const now = clock.now();
    const guesses = current(old, now);
    if (guesses.length >= MAX_FAILURES) {
      const oldest = Math.min(...guesses.map(({ at }) => at));
      return { result: { admitted: false, retryAfterMs: oldest + FAILURE_MS - now } };
    }
    return { next: [...guesses, { id, at: now, open: true }], result: { admitted: true, id } };
  });
}

/** The guess was wrong: it stays. */
export async function guessFailed({ store, clock }: Surroundings, key: string, id: string): Promise<void> {
  await change<Guess[], void>(store, key, TTL_MS, (old) => {
    const now = clock.now();
    const guesses = current(old, now);
    const at = guesses.find((each) => each.id === id)?.at ?? now;
    return {
      next: [...guesses.filter((each) => each.id !== id), { id, at, open: false }],
      result: undefined,
    };
  });
}

/** The guess was right: forgets it and all failures, but not the guesses that are being looked at right now. */
export async function guessSucceeded({ store, clock }: Surroundings, key: string, id: string): Promise<void> {
  await change<Guess[], void>(store, key, TTL_MS, (old) => {
    const now = clock.now();
    const open = current(old, now).filter((each) => each.open && each.at + LOST_AFTER_MS > now);
    return { next: open.filter((each) => each.id !== id), result: undefined };
  });
}

function current(guesses: Guess[] | null, now: number): Guess[] {
  return (guesses ?? []).filter(({ at }) => at + FAILURE_MS > now);
}
