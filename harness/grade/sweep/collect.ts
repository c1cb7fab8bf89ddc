import { digestFiles } from '../../catalog/editable.ts';
import type { Exercise } from '../../catalog/exercise.ts';
import { addressOf } from '../git-address.ts';
import { headOf } from '../intake-git.ts';
import { missingText } from '../intake.ts';
import type { Taken } from '../intake.ts';
import { takeIn } from '../take-in.ts';
import type { Ledger } from './ledger.ts';
import type { TakenExercise, TargetResult } from './taken.ts';

/** Places on this machine and on the network that are taken from at the same time. */
const LOCAL_LANES = 4;
const NETWORK_LANES = 6;

export type CollectOptions = {
  ledger: Ledger;
  exercises: readonly Exercise[];
  /** Over the suites of all exercises: which files are taken is theirs to say. */
  suites: string;
  /** The branch, tag or commit of git submissions; null: HEAD. */
  ref: string | null;
  root: string;
  out: string;
  env: Readonly<Record<string, string | undefined>>;
};

/**
 * Takes in what lies at each of these places, a few at a time, and puts the files into the ledger. `onTarget` is told of
 * each as it is there. A place that cannot be read is a result like any other.
 */
export async function collect(
  targets: readonly string[],
  options: CollectOptions,
  onTarget: (target: string, result: TargetResult) => void,
): Promise<void> {
  const remote = targets.filter((target) => addressOf(target).kind === 'remote');
  const local = targets.filter((target) => addressOf(target).kind !== 'remote');
  const lanes = async (waiting: string[], count: number, take: typeof collectOne): Promise<void> => {
    const lane = async (): Promise<void> => {
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
        onTarget(target, await take(target, options));
      }
    };
    await Promise.all(Array.from({ length: count }, lane));
  };
  await Promise.all([
    lanes([...local], LOCAL_LANES, collectOne),
    lanes([...remote], NETWORK_LANES, collectRemote),
  ]);
}

/** Asks for the commit first: where it is the one of the last time, nothing is fetched. */
async function collectRemote(target: string, options: CollectOptions): Promise<TargetResult> {
  const { ledger, ref, suites, env } = options;
  const address = addressOf(target);
  if (address.kind !== 'remote') return await collectOne(target, options);
  // A whole hash names one commit for good.
  const head =
    ref !== null && /^[0-9a-f]{40,64}$/.test(ref)
      ? ({ kind: 'commit', commit: ref } as const)
      : await headOf({ ...address, ref }, env);
  if (head.kind === 'empty') return { ok: false, message: EMPTY };
  if (head.kind === 'unknown') return await collectOne(target, options);
  const name = ref ?? '';
  const before = ledger.takenAt(target, name, head.commit, suites);
  if (before !== null) return { ok: true, taken: before };
  const result = await collectOne(target, options);
  if (result.ok) ledger.keepTaken(target, name, head.commit, suites, result.taken);
  return result;
}

async function collectOne(
  target: string,
  { ledger, exercises, ref, root, out, env }: CollectOptions,
): Promise<TargetResult> {
  const taken = await takeIn({ submission: target, ref, exercises, root, cwd: root, out, env });
  if (!taken.ok) return { ok: false, message: inRoster(taken.message) };
  const { commit, committedAt, own } = taken.intake;
  const each = ledger.together(() => taken.intake.taken.map((one) => keep(ledger, one)));
  return { ok: true, taken: { commit, committedAt, own, exercises: each } };
}

function keep(ledger: Ledger, { exercise, sources }: Taken): TakenExercise {
  const none = { exercise: exercise.id, digest: null };
  if (!sources.ok) {
    const { message } = sources;
    return { ...none, missing: message === missingText(exercise.id), problem: message };
  }
  if (sources.files.size === 0) return { ...none, missing: true, problem: NO_FILES };
  const digest = digestFiles(sources.files);
  ledger.keepFiles(digest, sources.files);
  return { exercise: exercise.id, digest, missing: false, problem: null };
}

/** In a roster, what `grade` calls --submission is the column `repo`. */
function inRoster(message: string): string {
  return message.replaceAll('--submission', 'The column repo');
}

const NO_FILES = 'There is none of the files that the exercise asks for.';
const EMPTY =
  'The repository is empty: it has no commit yet, or HEAD leads to a branch that is not there. Push something to its main branch.';
