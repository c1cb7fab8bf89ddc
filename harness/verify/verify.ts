import type { Exercise } from '../catalog/exercise.ts';
import { renderJson } from '../verdict/json.ts';
import { renderVerdict } from '../verdict/terminal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { leak, readCanaries } from './canary.ts';
import { contentProblems } from './content.ts';
import { runJobs } from './crew.ts';
import type { Job, Surroundings } from './crew.ts';
import { disagreements } from './expectation.ts';
import { distinct, recordDiagnosis } from './fingerprints.ts';
import type { Seen } from './fingerprints.ts';
import { knownSubjects } from './subject.ts';

/** Everything is judged under these two seeds: a fingerprint that differs between them is no fingerprint. */
const SEEDS = [1, 2];

/** For `--thorough`: far from each other, on both sides of the date line, one with a language of its own. */
const PLACES: readonly Surroundings[] = [
  { TZ: 'UTC', LANG: 'C' },
  { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8' },
  { TZ: 'America/Los_Angeles', LANG: 'tr_TR.UTF-8' },
];

const THOROUGH_RUNS = 20;

export type VerifyOptions = {
  root: string;
  build: string;
  thorough: boolean;
  /** Write changed fingerprints; otherwise a change is a problem. */
  write: boolean;
  onProgress: (done: number, all: number, label: string) => void;
};

/** The author's proof for one exercise. `problems` empty: it holds. */
export type Proof = {
  exercise: string;
  subjects: number;
  checks: number;
  problems: string[];
  slowestMs: number;
};

/** Proves that the suites of these exercises accept what is right and refuse what is wrong. */
export async function verify(exercises: readonly Exercise[], options: VerifyOptions): Promise<Proof[]> {
  const plans = await Promise.all(exercises.map((exercise) => planOf(exercise, options)));
  const all = plans.flatMap((plan) => plan.jobs);
  let done = 0;
  for (const place of PLACES) {
    const here = all.filter((job) => job.place === place);
    await runJobs(options.root, options.build, here, place, (job, { verdict, fingerprints }) => {
      const plan = plans.find(({ exercise }) => exercise.id === job.subject.exercise) as Plan;
      plan.take(job, verdict, new Map(fingerprints));
      options.onProgress(++done, all.length, `${job.subject.exercise} ${job.subject.name}`);
    });
  }
  return plans.map((plan) => plan.close(options.write));
}

type PlacedJob = Job & { place: Surroundings };

type Plan = {
  exercise: Exercise;
  jobs: PlacedJob[];
  take(job: Job, verdict: Verdict, fingerprints: ReadonlyMap<string, string>): void;
  close(write: boolean): Proof;
};

async function planOf(exercise: Exercise, options: VerifyOptions): Promise<Plan> {
  const { subjects, problems } = await knownSubjects(options.root, exercise);
  const canaries = readCanaries(exercise.folder);
  problems.push(...canaries.problems, ...contentProblems(exercise));
  const runs: Seen[] = [];
  let slowestMs = 0;
  return {
    exercise,
    jobs: jobsFor(subjects, options.thorough),
    take: ({ subject, seed, order }, verdict, fingerprints) => {
      const where = `${subject.name} (seed ${seed}, ${order} order)`;
      problems.push(...disagreements(exercise, subject, verdict).map((problem) => `${where} ${problem}`));
      const secret = leak(everythingShown(verdict, exercise), canaries);
      if (secret !== null) problems.push(`${where} shows a part of the suite: ${secret.slice(0, 60)}`);
      slowestMs = Math.max(slowestMs, verdict.durationMs);
      const { expected } = subject;
      if (expected.kind === 'wrong' && order === 'building') {
        runs.push({ mistake: expected.mistake.name, often: expected.mistake.often, fingerprints });
      }
    },
    close: (write) => {
      const changed = recordDiagnosis(exercise.folder, distinct(runs), write);
      if (changed && !write)
        problems.push(
          'hidden/diagnosis.json is not what the mistakes show; run npm run verify, and commit it',
        );
      const checks = jobsFor(subjects, options.thorough).length;
      return { exercise: exercise.id, subjects: subjects.length, checks, problems, slowestMs };
    },
  };
}

function jobsFor(subjects: readonly Job['subject'][], thorough: boolean): PlacedJob[] {
  const [home] = PLACES as [Surroundings];
  const twice = SEEDS.flatMap((seed) =>
    subjects.map((subject) => ({ subject, seed, order: 'building' as const, place: home })),
  );
  if (!thorough) return twice;
  const more = Array.from({ length: THOROUGH_RUNS }, (_, run) => run).flatMap((run) =>
    subjects.map((subject) => ({
      subject,
      seed: 1000 + run,
      order: 'random' as const,
      place: PLACES[run % PLACES.length] as Surroundings,
    })),
  );
  return [...twice, ...more];
}

/** Every text that a learner may see of a verdict. */
function everythingShown(verdict: Verdict, exercise: Exercise): string {
  const options = {
    colour: false,
    columns: 10_000,
    unicode: true,
    exerciseTitle: exercise.title,
    firstTry: false,
    opened: [],
    recorded: false,
    only: null,
  };
  return JSON.stringify(verdict) + renderJson(verdict) + renderVerdict(verdict, options);
}
