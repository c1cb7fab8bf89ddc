import { availableParallelism } from 'node:os';
import { loadExercise } from '../catalog/load-exercise.ts';
import type { SourceFiles } from '../compile/compile.ts';
import { shown } from '../check/corpus/judge.ts';
import { EXERCISE, subjectFiles } from '../check/corpus/subject.ts';
import { readCanaries } from '../verify/canary.ts';
import { runJobs } from '../verify/crew.ts';
import type { Job } from '../verify/crew.ts';
import { disagreements } from '../verify/expectation.ts';
import { PLACES, SEED } from '../verify/jobs.ts';
import type { Surroundings } from '../verify/crew.ts';
import type { ProgramAttack } from './attack.ts';
import { placeText } from './attack.ts';
import { triedAt } from './check-entry.ts';
import type { Outcome } from './entry.ts';
import type { Ground, Place } from './ground.ts';
import { escaped, forgedBy, leakedBy } from './harm.ts';
import type { Harm } from './harm.ts';

/** More than there are workers, so that none of them waits for the next program. */
const AHEAD = availableParallelism() + 2;

/**
 * Hands programs to the workers of `verify`, as solutions that claim to be right. `verify` judges the workbook's own files, so
 * nobody attacks it on purpose; but its proof must not hold for a program that fools its judge.
 */
export async function throughVerify(
  attacks: readonly ProgramAttack[],
  ground: Ground,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const { root, build } = ground.book;
  const loaded = loadExercise(root, EXERCISE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  const { exercise } = loaded;
  const canaries = readCanaries(exercise.folder);
  const tried = triedAt('permission', attacks);
  const files = await Promise.all(
    tried.map(async (attack) => [attack, await subjectFiles(root, attack)] as const),
  );
  const waiting = [...files];
  const running = new Map<string, { attack: ProgramAttack; place: Place }>();
  const next = (count: number): Job[] =>
    waiting.splice(0, count).map(([attack, own]) => {
      const place = ground.placeFor(`verify-${attack.name}`);
      running.set(attack.name, { attack, place });
      return jobFor(attack.name, withPlace(own, place), exercise.folder);
    });
  await runJobs(root, build, next(AHEAD), PLACES[0] as Surroundings, ({ subject }, { verdict }) => {
    const { attack, place } = running.get(subject.name) as { attack: ProgramAttack; place: Place };
    const { terminal, json } = shown(verdict, exercise);
    const isProved = attack.base === 'stub' && disagreements(exercise, subject, verdict).length === 0;
    const proved: Harm[] = isProved ? [{ kind: 'forged', what: 'it was proved to be right' }] : [];
    onOutcome({
      attack: attack.name,
      harms: [
        ...forgedBy(attack, verdict),
        ...proved,
        ...leakedBy(JSON.stringify(verdict) + terminal + json, canaries, ground.secret),
        ...escaped(ground.escapesOf(place)),
      ],
    });
    return next(1);
  });
}

function withPlace(files: SourceFiles, place: Place): Map<string, string> {
  return new Map(files).set('src/place.ts', placeText(place));
}

function jobFor(name: string, files: Map<string, string>, folder: string): Job {
  return {
    subject: { exercise: EXERCISE, name, folder, files, expected: { kind: 'right' } },
    seed: SEED,
    again: null,
    order: 'building',
    base: null,
  };
}
