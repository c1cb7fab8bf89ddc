/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** What became of a call that somebody else had to answer. */
export type Outcome<T> = { ok: true; value: T } | { ok: false };

/** Makes a call and waits for it at most `ms`. Never rejects: a failure and a silence are both `{ ok: false }`. */
export async function within<T>(clock: Clock, ms: number, call: () => T | Promise<T>): Promise<Outcome<T>> {
  const answer = (async (): Promise<Outcome<T>> => {
    try {
      return { ok: true, value: await call() };
    } catch {
      return { ok: false };
    }
  })();
  const silence = clock.sleep(ms).then((): Outcome<T> => ({ ok: false }));
  return await Promise.race([answer, silence]);
}
