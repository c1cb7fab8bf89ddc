export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** A function that waits so long and no longer; failures and late answers become `undefined`. */
export const patience =
  (clock: Clock, ms: number) =>
  <T>(action: () => Promise<T> | T): Promise<T | undefined> =>
    new Promise((resolve) => {
      void clock.sleep(ms).then(() => resolve(undefined));
      Promise.resolve()
        .then(action)
        .then(resolve, () => resolve(undefined));
    });
