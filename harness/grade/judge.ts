import { randomInt } from 'node:crypto';
import { digestFiles } from '../catalog/editable.ts';
import { check } from '../check/check.ts';
import type { CheckRequest } from '../check/check.ts';
import type { Engine } from '../check/engine.ts';
import { suiteDigest } from '../check/files.ts';
import type { Isolation } from '../subject/isolation.ts';
import type { RuleResult, Verdict } from '../verdict/verdict.ts';
import type { Taken } from './intake.ts';

/** What the judge is: the same for every submission of a run. */
export type Bench = {
  engine: Engine;
  root: string;
  build: string;
  /** The workbook's version. */
  harness: string;
  isolation: Isolation;
};

/** Seeds are whole numbers below this. */
const SEEDS = 2 ** 31;

/** What was late gets this many times the usual time when it is tried alone. */
const PACE_ALONE = 2;

/**
 * The verdict on one exercise of a submission, by the engine that serves the learner as well. Nothing of this process's
 * environment reaches the program: no variable, and no Redis server of the judge's. Rules that hung, and a start that
 * failed, are tried once more with more time before they count: a busy machine is no fault of a program.
 */
export async function judge(
  bench: Bench,
  taken: Taken,
  onRule: (id: string) => void = () => {},
): Promise<Verdict> {
  const first = await judgeOnce(bench, taken, onRule);
  return await judgeAlone(bench, taken, first, onRule);
}

/** The first try alone. Where `worthAnotherTry` says so, its verdict is not the last word. */
export async function judgeOnce(
  bench: Bench,
  taken: Taken,
  onRule: (id: string) => void = () => {},
): Promise<Verdict> {
  return (await check(bench.engine, requestFor(bench, taken, onRule))).verdict;
}

/** The last word after a first try: that one's verdict, or that of a second try with more time. Nothing else should run. */
export async function judgeAlone(
  bench: Bench,
  taken: Taken,
  first: Verdict,
  onRule: (id: string) => void = () => {},
): Promise<Verdict> {
  const wanted = worthAnotherTry(first);
  if (wanted === null) return first;
  const request = requestFor(bench, taken, onRule);
  // What broke our own side, by taking all of its time for example, gets no more of it.
  const pace = first.error?.kind === 'harness' ? 1 : PACE_ALONE;
  const alone = { ...request, pace, only: wanted === 'all' ? null : wanted };
  const second = (await check(bench.engine, alone)).verdict;
  return wanted === 'all' ? second : merged(first, second, new Set(wanted));
}

/** What is asked of the engine: nothing of this process, but the level of isolation that was named. */
export function requestFor(
  bench: Omit<Bench, 'engine'>,
  taken: Taken,
  onRule: (id: string) => void,
): CheckRequest {
  const { exercise, sources } = taken;
  const { root, build, harness, isolation } = bench;
  return {
    exercise,
    files: sources,
    // Where the files would lie in a copy of the workbook: stack traces then name places that the learner knows.
    folder: exercise.folder,
    only: null,
    order: 'building',
    seed: randomInt(SEEDS),
    inspect: false,
    isolation,
    env: {},
    redisUrl: null,
    root,
    build,
    harness,
    digests: {
      suite: suiteDigest(exercise),
      files: digestFiles(sources.ok ? sources.files : new Map()),
    },
    onRule,
  };
}

/** The rules to try again: those that hung, and those that were not tried because of them. Null: the verdict stands. */
export function worthAnotherTry(verdict: Verdict): 'all' | string[] | null {
  if (verdict.error?.kind === 'load' || verdict.error?.kind === 'harness') return 'all';
  const again = new Set(
    verdict.rules.filter(({ status, cause }) => status === 'failed' && cause === 'hung').map(({ id }) => id),
  );
  if (again.size === 0) return null;
  // Needs come from earlier rules as well as later ones, so this is repeated until nothing is new.
  for (let before = -1; before !== again.size;) {
    before = again.size;
    for (const { id, status, needs } of verdict.rules) {
      if (status === 'untried' && needs.some((need) => again.has(need))) again.add(id);
    }
  }
  return [...again];
}

/**
 * The first verdict with the results of `again` from the second. Where our own side broke in the second try, the first one
 * stands: it is whole, and a program must not be able to end its own grade.
 */
export function merged(first: Verdict, second: Verdict, again: ReadonlySet<string>): Verdict {
  if (second.error?.kind === 'harness') return first;
  const results = new Map(second.rules.map((rule) => [rule.id, rule]));
  const rules = first.rules.map((rule) => (again.has(rule.id) ? (results.get(rule.id) ?? rule) : rule));
  const isPassed = ({ status }: RuleResult): boolean => status === 'passed';
  const allCore = rules.filter(({ tier }) => tier === 'core').every(isPassed);
  return {
    ...first,
    rules,
    status: allCore ? 'passed' : 'failed',
    mastered: allCore && rules.every(isPassed),
    points: rules.reduce((sum, { points }) => sum + points, 0),
    notes: [...new Set([...first.notes, ...second.notes])],
    durationMs: first.durationMs + second.durationMs,
  };
}
