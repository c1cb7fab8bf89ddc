import type { Store } from './store.ts';

type Sleep = (ms: number) => Promise<void>;

/** The same store, which rejects when an answer takes too long. */
export const withPatience = (store: Store, sleep: Sleep, ms: number): Store => {
  const hurry = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      answer.then(resolve, reject);
      sleep(ms).then(() => reject(new Error(`no answer within ${ms} ms`)), reject);
    });
  return {
    incr: (...args) => hurry(store.incr(...args)),
    get: (...args) => hurry(store.get(...args)),
    update: (...args) => hurry(store.update(...args)),
  };
};

/** What the store says, or undefined when it is down. */
export const unlessDown = <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> =>
  answer.catch(() => undefined);
