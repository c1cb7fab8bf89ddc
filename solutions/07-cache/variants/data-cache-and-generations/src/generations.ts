/**
 * Counts the changes of keys. Whoever wants to keep something takes the generation before reading, and may keep it while
 * that is still the present one. Only keys that somebody is reading are counted, so nothing grows.
 */
export function createGenerations() {
  const counted = new Map<string, { generation: number; readers: number }>();

  return {
    /** Reads with a generation of its own; `isPresent` says whether the key has changed since. */
    async during<T>(key: string, read: (isPresent: () => boolean) => Promise<T>): Promise<T> {
      const counter = counted.get(key) ?? { generation: 0, readers: 0 };
      counted.set(key, counter);
      counter.readers += 1;
      const begun = counter.generation;
      try {
        return await read(() => counter.generation === begun);
      } finally {
        counter.readers -= 1;
        if (counter.readers === 0) counted.delete(key);
      }
    },
    next(key: string): void {
      const counter = counted.get(key);
      if (counter) counter.generation += 1;
    },
  };
}
