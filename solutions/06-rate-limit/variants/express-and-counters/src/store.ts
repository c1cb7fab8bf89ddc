export type Entry = { version: number; value: unknown };

export type Store = {
  incr: (key: string, ttlMs: number) => Promise<number>;
  get: (key: string) => Promise<Entry>;
  update: (key: string, version: number, value: unknown, ttlMs: number) => Promise<boolean>;
};

/** A store in memory. When it is full, what has expired goes, and after that the entry that would expire first. */
export const storeInMemory = (now: () => number, maxKeys: number): Store => {
  const entries = new Map<string, Entry & { until: number }>();
  let count = 0;

  const find = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.until > now() ? entry : undefined;
  };

  const makeRoom = () => {
    for (const [key, entry] of entries) if (entry.until <= now()) entries.delete(key);
    if (entries.size < maxKeys) return;
    const [first] = [...entries].sort(([, one], [, other]) => one.until - other.until);
    if (first) entries.delete(first[0]);
  };

  const put = (key: string, value: unknown, until: number) => {
    if (!entries.has(key) && entries.size >= maxKeys) makeRoom();
    entries.set(key, { version: (count += 1), value, until });
  };

  return {
    incr: async (key, ttlMs) => {
      const entry = find(key);
      const value = Number(entry?.value ?? 0) + 1;
      put(key, value, entry?.until ?? now() + ttlMs);
      return value;
    },
    get: async (key) => find(key) ?? { version: 0, value: null },
    update: async (key, version, value, ttlMs) => {
      const free = (find(key)?.version ?? 0) === version;
      if (free) put(key, value, now() + ttlMs);
      return free;
    },
  };
};
