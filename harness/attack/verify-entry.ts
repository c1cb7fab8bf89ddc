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

/** As many workers as `verify` has on this machine. */
const LANES = availableParallelism() + 1;

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
  const lane = async (): Promise<void> => {
    let running: { attack: ProgramAttack; place: Place } | null = null;
    const next = (): Job[] => {
      const [attack, own] = waiting.shift() ?? [];
      if (attack === undefined || own === undefined) return [];
      const place = ground.placeFor(`verify-${attack.name}`);
      running = { attack, place };
      return [jobFor(attack.name, withPlace(own, place), exercise.folder)];
    };
    const tell = (harms: readonly Harm[]): void => {
      const { attack, place } = running as unknown as { attack: ProgramAttack; place: Place };
      running = null;
      onOutcome({ attack: attack.name, harms: [...harms, ...escaped(ground.escapesOf(place))] });
    };
    for (let first = next(); first.length > 0; first = next()) {
      try {
        // One job at a time is one worker, which goes on with what it is given next.
        await runJobs(root, build, first, PLACES[0] as Surroundings, ({ subject }, { verdict }) => {
          const { attack } = running as unknown as { attack: ProgramAttack };
          const { terminal, json } = shown(verdict, exercise);
          const isProved = attack.base === 'stub' && disagreements(exercise, subject, verdict).length === 0;
          tell([
            ...forgedBy(attack, verdict),
            ...(isProved ? [{ kind: 'forged' as const, what: 'it was proved to be right' }] : []),
            ...leakedBy(JSON.stringify(verdict) + terminal + json, canaries, ground.secret),
          ]);
          return next();
        });
      } catch (error) {
        // The worker died or hung: that is what this program did, and others are judged by a new one.
        tell([{ kind: 'broken', what: error instanceof Error ? error.message : String(error) }]);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
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
