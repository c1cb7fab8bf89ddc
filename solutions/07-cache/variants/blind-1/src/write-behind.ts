import type { Clock } from './clock.ts';

export type WriteBehindOptions = {
  /** Writes to the source. */
  save: (key: string, value: unknown) => Promise<unknown>;
  clock: Clock;
  /** How long a write may wait. */
  flushMs: number;
};

export type WriteBehind = {
  /** Takes a write and comes back at once. */
  set(key: string, value: unknown): Promise<void>;
  /** Writes all that waits, and comes back when the source has it. */
  close(): Promise<void>;
};

/** A key that the source does not have in its last state yet. */
type Line = {
  value: unknown;
  /** There is a value that no save has taken yet. */
  waiting: boolean;
  running: boolean;
  /** Its time came while a save was running. */
  due: boolean;
  /** The wait that counts. A wait that was replaced finds another one here, and does nothing. */
  alarm: symbol | null;
};

export function createWriteBehind({ save, clock, flushMs }: WriteBehindOptions): WriteBehind {
  const lines = new Map<string, Line>();
  let closed: Promise<void> | null = null;
  let allSaved: () => void = () => {};

  function wait(key: string, line: Line): void {
    if (line.alarm !== null) return; // the earlier end counts, and takes the newest value
    const alarm = Symbol(key);
    line.alarm = alarm;
    void clock.sleep(flushMs).then(() => {
      if (line.alarm === alarm) flush(key, line);
    });
  }

  function flush(key: string, line: Line): void {
    line.alarm = null;
    if (line.running) line.due = true;
    else void run(key, line);
  }

  async function run(key: string, line: Line): Promise<void> {
    line.running = true;
    line.waiting = false;
    line.due = false;
    let failed = false;
    try {
      await save(key, line.value);
    } catch {
      failed = true;
    }
    line.running = false;
    if (failed) {
      line.waiting = true;
      wait(key, line);
    } else if (!line.waiting) {
      lines.delete(key);
      if (lines.size === 0) allSaved();
    } else if (line.due || closed !== null) {
      flush(key, line);
    }
  }

  return {
    async set(key, value) {
      if (closed !== null) throw new Error('This write-behind is closed: it takes no more writes.');
      const line = lines.get(key) ?? { value, waiting: false, running: false, due: false, alarm: null };
      lines.set(key, line);
      line.value = structuredClone(value); // the caller may go on changing its own object
      line.waiting = true;
      wait(key, line);
    },
    close() {
      closed ??= new Promise<void>((resolve) => {
        allSaved = resolve;
        if (lines.size === 0) resolve();
        for (const [key, line] of lines) if (line.waiting) flush(key, line);
      });
      return closed;
    },
  };
}
