import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideNpm } from '../bench/environment.ts';
import { parseVerdict } from '../verdict/verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { WorkbookCopy } from './copy.ts';
import { run } from './run.ts';
import type { Ran } from './run.ts';

/** The exercise that needs no package. */
export const FIRST = '01-http-server';

/** One command of the workbook may take this long, in milliseconds. */
const COMMAND_WITHIN = 240_000;

/** Runs what `npm run NAME` runs, in a copy and with its Node.js. */
export async function command(copy: WorkbookCopy, ...args: readonly string[]): Promise<Ran> {
  return await run(copy.node.binary, [join('harness', 'build', 'run.mjs'), ...args], {
    cwd: copy.folder,
    env: { ...outsideNpm(process.env), NO_COLOR: '1' },
    within: COMMAND_WITHIN,
  });
}

/** The verdict that a check printed. Throws an Error with what it said instead. */
export function verdictOf({ code, stdout, stderr }: Ran): Verdict {
  try {
    const parsed = parseVerdict(JSON.parse(stdout));
    if (parsed.ok) return parsed.verdict;
    throw new Error(parsed.problem);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`a check ended with ${code} and without a verdict (${why}):\n${stderr.slice(-2_000)}`, {
      cause: error,
    });
  }
}

/** Puts the solved 01 where a learner would have written it, in a workbook without progress. */
export function solveFirst({ folder }: WorkbookCopy): void {
  for (const name of ['progress.sqlite', 'progress.sqlite-wal', 'progress.sqlite-shm'])
    rmSync(join(folder, '.workbook', name), { force: true });
  const own = join(folder, 'exercises', FIRST, 'src');
  rmSync(own, { recursive: true, force: true });
  cpSync(join(folder, 'solutions', FIRST, 'src'), own, { recursive: true });
}

const listed = z.object({ exercises: z.array(z.object({ id: z.string(), state: z.string() })) });

/**
 * What a learner goes through who has solved 01: a check of their own files, recorded, and seen in the list. Null: all of
 * it works; else what does not.
 */
export async function checkedAndRecorded(copy: WorkbookCopy): Promise<string | null> {
  solveFirst(copy);
  const checked = await command(copy, 'check', FIRST, '--json');
  const { status } = verdictOf(checked);
  if (checked.code !== 0 || status !== 'passed') return `the solved 01 is ${status} (exit ${checked.code})`;
  const list = await command(copy, 'list', '--json');
  const parsed = listed.safeParse(JSON.parse(list.stdout || 'null'));
  const state = parsed.data?.exercises.find(({ id }) => id === FIRST)?.state ?? 'not there';
  return state === 'mastered' ? null : `after a mastered check the list shows 01 as ${state}`;
}

/**
 * Where better-sqlite3 cannot be built, the harness still checks 01 and says what is missing. Null: it does; else what it
 * does instead. Called while the native part is out of the way.
 */
export async function checkedWithoutNative(copy: WorkbookCopy): Promise<string | null> {
  solveFirst(copy);
  const checked = await command(copy, 'check', FIRST, '--json');
  const { status } = verdictOf(checked);
  if (checked.code !== 0 || status !== 'passed') return `the solved 01 is ${status} (exit ${checked.code})`;
  if (!checked.stderr.includes('better-sqlite3')) return 'it does not say that better-sqlite3 is missing';
  return existsSync(join(copy.folder, '.workbook', 'progress.sqlite'))
    ? 'it wrote progress all the same'
    : null;
}
