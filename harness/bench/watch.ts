import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { listExercises } from '../catalog/catalog.ts';
import { summary } from './statistics.ts';
import { writeWorkbook } from './watch-workbook.ts';

/** From a save to its verdict, in milliseconds, and the memory of the watching process, in bytes. */
export type WatchResult = {
  exercise: string;
  saves: number;
  min: number;
  median: number;
  p95: number;
  max: number;
  /** What of it is the check alone, as the verdict says it: the median. */
  check: number;
  /** The rules that take longest, by the last verdict. */
  slowest: { rule: string; ms: number }[];
  /** Resident memory when ready for the first save that counts, for the middle one, and after the last. */
  rss: { start: number; middle: number; end: number };
  /** Memory at the end by memory at the start. */
  growth: number;
  cores: number;
  node: string;
};

/** Saves that do not count: the first check loads the suite, the second shows what is slow. */
const WARM_UP = 5;

/** One save without a verdict after this long is a failure, in milliseconds. */
const WITHIN = 60_000;

const event = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('verdict'),
    verdict: z.object({
      status: z.string(),
      durationMs: z.number(),
      rules: z.array(z.object({ id: z.string(), durationMs: z.number() })),
    }),
  }),
  z.object({ event: z.literal('ready'), rssBytes: z.number() }),
]);
type WatchEvent = z.infer<typeof event>;

/**
 * Starts `watch` on the solution of an exercise and saves it again and again, each time with one more comment, as soon as
 * `watch` is ready for the next save. Throws an Error when a verdict fails or does not come.
 */
export async function benchWatch(
  root: string,
  id: string,
  saves: number,
  onSave: (done: number) => void,
): Promise<WatchResult> {
  const listed = listExercises(root);
  const found = listed.ok ? listed.exercises.find((each) => each.id === id) : undefined;
  if (found?.ok !== true) throw new Error(`there is no exercise ${id} that could be watched`);
  const { parts } = found.exercise;
  const folder = join(root, '.workbook', 'bench', 'watch');
  writeWorkbook(root, folder, id, [...new Set(parts.flatMap(({ packages }) => packages))]);
  const entry = join(folder, 'exercises', id, parts[0]?.entry ?? '');
  const original = readFileSync(entry, 'utf8');
  const watch = startWatch(folder, id);
  const times: number[] = [];
  const checks: number[] = [];
  const memory: number[] = [];
  let slowest: WatchResult['slowest'] = [];
  try {
    await watch.next('verdict');
    await watch.next('ready');
    for (let save = -WARM_UP; save < saves; save++) {
      const begun = performance.now();
      appendFileSync(entry, `// save ${save} of ${original.length}\n`);
      const { verdict } = await watch.next('verdict');
      const took = performance.now() - begun;
      if (verdict.status !== 'passed') throw new Error(`the solution of ${id} got ${verdict.status}`);
      const { rssBytes } = await watch.next('ready');
      if (save < 0) continue;
      times.push(took);
      checks.push(verdict.durationMs);
      memory.push(rssBytes);
      const sorted = verdict.rules.toSorted((a, b) => b.durationMs - a.durationMs);
      slowest = sorted.slice(0, 3).map((rule) => ({ rule: rule.id, ms: rule.durationMs }));
      onSave(save + 1);
    }
  } finally {
    await watch.end();
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => memory[Math.floor(share * (memory.length - 1))] ?? 0;
  return {
    exercise: id,
    saves,
    ...summary(times),
    p95: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0,
    check: summary(checks).median,
    slowest,
    rss: { start: at(0), middle: at(0.5), end: at(1) },
    growth: at(1) / at(0),
    cores: availableParallelism(),
    node: process.version,
  };
}

type Watching = {
  next<E extends WatchEvent['event']>(name: E): Promise<Extract<WatchEvent, { event: E }>>;
  end(): Promise<void>;
};

function startWatch(folder: string, id: string): Watching {
  const script = join(folder, '.workbook', 'build', 'scripts', 'watch.js');
  const child = spawn(process.execPath, [script, id, '--json'], {
    cwd: folder,
    // With CI set nothing is locked.
    env: { ...process.env, CI: 'true' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (name: string): Promise<WatchEvent> => {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error(`watch ended without a ${name}`);
      const said = event.parse(JSON.parse(line.value));
      if (said.event === name) return said;
    }
  };
  return {
    next: async <E extends WatchEvent['event']>(name: E) => {
      const timer = setTimeout(() => child.kill(), WITHIN);
      try {
        return (await read(name)) as Extract<WatchEvent, { event: E }>;
      } finally {
        clearTimeout(timer);
      }
    },
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
