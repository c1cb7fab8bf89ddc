/** The time, moved by whoever made it: milliseconds since 1970, and a wait of so many milliseconds. */
export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** What the work brings, or null when it fails or takes longer than `ms`. Never rejects. */
export async function limited<T>(clock: Clock, ms: number, work: () => Promise<T>): Promise<T | null> {
  const late = clock.sleep(ms).then(() => null);
  try {
    return await Promise.race([work(), late]);
  } catch {
    return null;
  }
}
