import { randomInt } from 'node:crypto';
import type { Exercise } from '../catalog/exercise.ts';
import { check } from '../check/check.ts';
import type { Early, Warm } from '../check/check.ts';
import type { Engine } from '../check/engine.ts';
import type { SubjectFiles } from '../check/files.ts';
import { withNeeds } from '../check/plan.ts';
import type { Isolation } from '../subject/isolation.ts';
import type { Progress } from '../progress/progress.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { workbookVersion } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { LiveLine } from './live-line.ts';

/** Seeds are below this, so that every part of the harness can count with them. */
export const SEEDS = 2 ** 31;

export type Judging = {
  exercise: Exercise;
  files: SubjectFiles;
  /** Absolute folder of the learner's files. */
  folder: string;
  /** One rule, with what it needs; null: all. */
  only: string | null;
  engine: Engine;
  /** With the debugger, without time limits. */
  inspect: boolean;
  /** The seed of everything random; null: any. */
  seed: string | null;
  context: Context;
  /** See CheckRequest. */
  isolation?: Isolation;
  warm?: Warm;
  onEarly?: (early: Early) => void;
  signal?: AbortSignal;
};

/** One check with a live line on the terminal. */
export async function judge(judging: Judging): Promise<Verdict> {
  const { exercise, files, folder, only, engine, inspect, seed, context } = judging;
  for (const { path, why } of files.skipped) {
    context.terminal.err(`Passed over ${neutralise(path, { maxLines: 1 })}: ${why}\n`);
  }
  if (inspect) context.terminal.err(`${INSPECT}\n`);
  const planned = only === null ? exercise.rules : withNeeds(exercise.rules, [only]);
  const line = new LiveLine(
    { ...context.terminal, live: context.terminal.live && !inspect },
    `judging ${exercise.id}`,
  );
  let done = 0;
  const count = () => line.show(`${done} of ${planned.length} ${planned.length === 1 ? 'rule' : 'rules'}`);
  count();
  try {
    const { verdict } = await check(engine, {
      exercise,
      files: files.sources,
      folder,
      only: only === null ? null : [only],
      order: 'building',
      seed: Number(seed ?? randomInt(SEEDS)),
      inspect,
      env: {},
      root: context.root,
      build: context.build,
      digests: files.digests,
      harness: workbookVersion(context.root),
      onRule: () => {
        done++;
        count();
      },
      onProgress: (what) => line.show(what),
      ...(judging.isolation === undefined ? {} : { isolation: judging.isolation }),
      ...(judging.warm === undefined ? {} : { warm: judging.warm }),
      ...(judging.onEarly === undefined ? {} : { onEarly: judging.onEarly }),
      ...(judging.signal === undefined ? {} : { signal: judging.signal }),
    });
    return verdict;
  } finally {
    line.clear();
  }
}

/** Writes the attempt down and says whether it is written; a failure of ours is no attempt. */
export function record(verdict: Verdict, progress: Progress | null, context: Context): boolean {
  if (progress === null || verdict.error?.kind === 'harness') return false;
  const { exercise, status, mastered, points, maxPoints, suite, files, durationMs } = verdict;
  const rules = verdict.rules.map(({ id, status: ruleStatus }) => ({ id, status: ruleStatus }));
  const saved = progress.recordAttempt({
    exercise,
    at: context.now(),
    status,
    mastered,
    points,
    maxPoints,
    suite,
    files,
    rules,
    durationMs,
  });
  if (!saved.ok) context.terminal.err(`${saved.message}\n`);
  return saved.ok;
}

/** `only`: the rule that was asked for; null: all, so that the exercise as a whole counts. */
export function exitCode(verdict: Verdict, only: string | null): ExitCode {
  if (verdict.error?.kind === 'harness') return 4;
  const passed =
    only === null
      ? verdict.status === 'passed'
      : verdict.rules.some((rule) => rule.id === only && rule.status === 'passed');
  return passed ? 0 : 1;
}

const INSPECT =
  'Your program waits for a debugger: open chrome://inspect in Chrome, or attach your editor. Ctrl-C ends the check.';
