import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { listExercises } from '../catalog/catalog.ts';
import { readEditable } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { readMistakes } from '../verify/mistake.ts';
import { percentile, summary } from './statistics.ts';
import { writeWorkbook } from './watch-workbook.ts';

/** Of several times, in milliseconds. */
export type Times = { min: number; median: number; p95: number; max: number; count: number };

export type WatchResult = {
  exercise: string;
  saves: number;
  /** From a save to the result of the rule that failed the time before; null: no mistake is known to make one fail. */
  early: Times | null;
  /** From a save to its verdict. */
  whole: Times;
  /** What of it is the check alone, as the verdict says it: the median. */
  check: number;
  /** The rules that were waited for longest, by the median of their times to be told early. */
  slowestEarly: { rule: string; ms: number }[];
  /** The rules that take longest, by the last verdict. */
  slowest: { rule: string; ms: number }[];
  /** Resident memory of the watching process, in bytes: ready for the first save that counts, every 100 saves, the last. */
  memory: { save: number; bytes: number }[];
  /** Memory at the end by memory at the start. */
  growth: number;
  cores: number;
  node: string;
};

/** Saves that do not count: the first check loads the suite, the second shows what is slow. */
const WARM_UP = 6;

/** How often memory is noted, in saves. */
const MEMORY_EVERY = 100;

/** One save without a verdict after this long is a failure, in milliseconds. */
const WITHIN = 60_000;

const event = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('verdict'),
    verdict: z.object({
      status: z.string(),
      mastered: z.boolean(),
      durationMs: z.number(),
      rules: z.array(z.object({ id: z.string(), durationMs: z.number() })),
    }),
  }),
  z.object({ event: z.literal('rule'), rule: z.object({ id: z.string(), status: z.string() }) }),
  z.object({ event: z.literal('ready'), rssBytes: z.number() }),
]);
type WatchEvent = z.infer<typeof event>;

/** What is saved: one file, and how the program then ends. */
type Save = { file: string; text: string; passes: boolean };

/**
 * Starts `watch` on the solution of an exercise and saves it again and again as soon as `watch` is ready for the next save:
 * for one rule after the other a catalogued mistake, the same again (the rule at work fails), and the solution (it
 * passes). Each save has one more comment. Throws an Error when a verdict is not as expected, or does not come.
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
  const { exercise } = found;
  const folder = join(root, '.workbook', 'bench', 'watch');
  writeWorkbook(root, folder, id, [...new Set(exercise.parts.flatMap(({ packages }) => packages))]);
  const round = await roundOf(root, exercise);
  const watch = startWatch(folder, id);
  const whole: number[] = [];
  const early = new Map<string, number[]>();
  const checks: number[] = [];
  const memory: WatchResult['memory'] = [];
  let slowest: WatchResult['slowest'] = [];
  try {
    await watch.next('verdict');
    await watch.next('ready');
    for (let save = -WARM_UP; save < saves; save++) {
      const { file, text, passes } = round[(save + WARM_UP) % round.length] as Save;
      const begun = performance.now();
      writeFileSync(join(folder, 'exercises', id, file), `${text}\n// save ${save}\n`);
      const seen = await watch.seeVerdict();
      const took = performance.now() - begun;
      const { verdict } = seen;
      if ((verdict.status === 'passed' && verdict.mastered) !== passes)
        throw new Error(`a ${passes ? 'right' : 'wrong'} program got ${verdict.status} after save ${save}`);
      const { rssBytes } = await watch.next('ready');
      if (save < 0) continue;
      if (seen.early !== null) {
        const { rule, at } = seen.early;
        early.set(rule, [...(early.get(rule) ?? []), at - begun]);
      }
      whole.push(took);
      checks.push(verdict.durationMs);
      if (save % MEMORY_EVERY === 0 || save === saves - 1) memory.push({ save, bytes: rssBytes });
      const sorted = verdict.rules.toSorted((a, b) => b.durationMs - a.durationMs);
      slowest = sorted.slice(0, 3).map((rule) => ({ rule: rule.id, ms: rule.durationMs }));
      onSave(save + 1);
    }
  } finally {
    await watch.end();
  }
  const allEarly = [...early.values()].flat();
  const byRule = [...early].map(([rule, times]) => ({ rule, ms: summary(times).median }));
  return {
    exercise: id,
    saves,
    early: allEarly.length === 0 ? null : timesOf(allEarly),
    whole: timesOf(whole),
    check: summary(checks).median,
    slowestEarly: byRule.toSorted((a, b) => b.ms - a.ms).slice(0, 3),
    slowest,
    memory,
    growth: (memory.at(-1)?.bytes ?? 0) / (memory[0]?.bytes ?? 1),
    cores: availableParallelism(),
    node: process.version,
  };
}

function timesOf(values: readonly number[]): Times {
  return { ...summary(values), p95: percentile(values, 0.95), count: values.length };
}

/** For every rule that a mistake of one file breaks alone: twice wrong, then right. Without such, the solution alone. */
async function roundOf(root: string, { id, editable, parts }: Exercise): Promise<Save[]> {
  const base = join(root, 'solutions', id);
  const read = await readEditable(base, editable);
  if (!read.ok) throw new Error(`the solution of ${id} cannot be read: ${read.problem.message}`);
  const solution = read.files;
  const taken = new Set<string>();
  const saves = (await readMistakes(join(base, 'mistakes'), solution, editable)).flatMap((each): Save[] => {
    if (!each.ok) return [];
    const { breaks, mayBreak, files } = each.mistake;
    const [rule = ''] = breaks;
    const [file, more] = [...files.keys()].filter((name) => files.get(name) !== solution.get(name));
    const right = file === undefined ? undefined : solution.get(file);
    if (breaks.length + mayBreak.length > 1 || taken.has(rule)) return [];
    if (file === undefined || right === undefined || more !== undefined) return [];
    taken.add(rule);
    const wrong = { file, text: files.get(file) ?? '', passes: false };
    return [wrong, wrong, { file, text: right, passes: true }];
  });
  if (saves.length > 0) return saves;
  const file = parts[0]?.entry ?? '';
  return [{ file, text: solution.get(file) ?? '', passes: true }];
}

type Seen = Extract<WatchEvent, { event: 'verdict' }> & { early: { rule: string; at: number } | null };

type Watching = {
  /** `early`: the rule that was told before the verdict, and when. */
  seeVerdict(): Promise<Seen>;
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
  const read = async (name: string, onOther: (other: WatchEvent) => void = () => {}): Promise<WatchEvent> => {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error(`watch ended without a ${name}`);
      const said = event.parse(JSON.parse(line.value));
      if (said.event === name) return said;
      onOther(said);
    }
  };
  const inTime = async <T>(reading: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => child.kill(), WITHIN);
    try {
      return await reading;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    next: async <E extends WatchEvent['event']>(name: E) =>
      (await inTime(read(name))) as Extract<WatchEvent, { event: E }>,
    seeVerdict: async () => {
      let early: Seen['early'] = null;
      const noteRule = (said: WatchEvent): void => {
        if (said.event === 'rule') early = { rule: said.rule.id, at: performance.now() };
      };
      const verdict = await inTime(read('verdict', noteRule));
      return { ...(verdict as Extract<WatchEvent, { event: 'verdict' }>), early };
    },
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
