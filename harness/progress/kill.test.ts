import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProgress } from './progress.ts';
import { readPlainFile } from './testing/plain-file.ts';
import { compiled, LOAD_FROM, recordedIds, startWriter } from './testing/writer.ts';

const KILLS = 50;
const LANES = 4;
/** A kill comes 0 to 60 ms after the first pass was reported. */
const LATEST_KILL_MS = 60;
const TIME_LIMIT_MS = 120_000;

/** To repeat a failure: the seed that it shows, for example `KILL_SEED=123 npx vitest run harness/progress`. */
const seed = Number(process.env['KILL_SEED'] ?? randomInt(2 ** 31));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-kill-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a writer killed at 50 random moments', () => {
  test(
    'loses no pass that it reported, and leaves a file that opens cleanly',
    async () => {
      const outcome = await killRepeatedly('progress-writer', readProgress);
      expect(outcome.losses, `seed ${seed}`).toEqual([]);
      expect(outcome.killed, `seed ${seed}`).toBe(KILLS);
    },
    TIME_LIMIT_MS,
  );

  test(
    'loses passes when it rewrites a plain file in place, so the test above can fail',
    async () => {
      const outcome = await killRepeatedly('plain-writer', readPlain);
      expect(outcome.losses.length, `seed ${seed}`).toBeGreaterThan(0);
      expect(outcome.killed, `seed ${seed}`).toBe(KILLS);
    },
    TIME_LIMIT_MS,
  );
});

/** What a file holds after a kill; `problem`: why it does not open cleanly. */
type Content = { passes: Set<string>; problem: string | null };

/**
 * Starts the writer `KILLS` times, `LANES` at a time, and kills each at a random moment. Each lane keeps its file from
 * kill to kill until something is lost, so later kills also meet a file that was recovered before.
 */
async function killRepeatedly(name: string, read: (file: string) => Content) {
  const script = await compiled(name, folder);
  const random = seededRandom(seed);
  const delays = Array.from({ length: KILLS }, () => random() * LATEST_KILL_MS);
  const losses: string[] = [];
  let killed = 0;
  const lane = async (laneNumber: number) => {
    const file = path.join(folder, `${name}-${laneNumber}`, 'progress.sqlite');
    let promised: string[] = [];
    for (let kill = laneNumber; kill < KILLS; kill += LANES) {
      const args = [...script, file, `kill-${kill}`, '1000000', LOAD_FROM];
      const writer = startWriter(process.execPath, args);
      await writer.first('recorded');
      await new Promise((resolve) => setTimeout(resolve, delays[kill]));
      writer.child.kill(process.platform === 'win32' ? undefined : 'SIGKILL');
      const ending = await writer.ended;
      if (ending.signal !== null) killed++;
      promised.push(...recordedIds(ending.lines));
      const content = read(file);
      const missing = promised.filter((id) => !content.passes.has(id));
      if (content.problem !== null || missing.length > 0) {
        losses.push(
          `kill ${kill} after ${delays[kill]?.toFixed(1)} ms: ${content.problem ?? 'opens'}, lacks [${missing.join(', ')}]`,
        );
        rmSync(path.dirname(file), { recursive: true });
        promised = [];
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, laneNumber) => lane(laneNumber)));
  return { losses, killed };
}

function readProgress(file: string): Content {
  const opened = openProgress(file);
  if (!opened.ok) return { passes: new Set(), problem: opened.message };
  const states = [...opened.progress.states()];
  opened.progress.close();
  const problems = [...opened.notes];
  // Every attempt of the writer is a pass, so an attempt without one is half a record.
  const halves = states.filter(([, state]) => state.passedAt === null).map(([id]) => id);
  if (halves.length > 0) problems.push(`half a record of ${halves.join(', ')}`);
  return { passes: new Set(states.map(([id]) => id)), problem: problems.join(' ') || null };
}

function readPlain(file: string): Content {
  try {
    return { passes: new Set(readPlainFile(file)), problem: null };
  } catch (error) {
    return { passes: new Set(), problem: String(error) };
  }
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function seededRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
