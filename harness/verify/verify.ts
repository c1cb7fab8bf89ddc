import type { Exercise } from '../catalog/exercise.ts';
import { renderJson } from '../verdict/json.ts';
import { renderVerdict } from '../verdict/terminal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { leak, readCanaries } from './canary.ts';
import { contentProblems } from './content.ts';
import { runJobs } from './crew.ts';
import type { Job, JobDone } from './crew.ts';
import { disagreements, unsteady } from './expectation.ts';
import { distinct, isNamed, recordDiagnosis, wronglyNamed } from './fingerprints.ts';
import type { Catalogued, Seen } from './fingerprints.ts';
import { countOfJobs, estimateOf, jobsFor, jobsFrom, PLACES, SEED } from './jobs.ts';
import type { PlacedJob } from './jobs.ts';
import { knownSubjects } from './subject.ts';
import type { KnownSubject } from './subject.ts';

export type VerifyOptions = {
  root: string;
  build: string;
  thorough: boolean;
  /** Write changed fingerprints; otherwise a change is a problem. */
  write: boolean;
  /** Told before the first check: how many there will be, and about how long they take, in seconds. */
  onStart?: (checks: number, seconds: number) => void;
  onProgress: (done: number, all: number, label: string) => void;
};

/** The author's proof for one exercise. `problems` empty: it holds. */
export type Proof = {
  exercise: string;
  subjects: number;
  checks: number;
  problems: string[];
  /** How many of the mistakes, and of the broken programs, are shown what is wrong with them. */
  named: { mistakes: number; broken: number };
  slowestMs: number;
};

/** Proves that the suites of these exercises accept what is right and refuse what is wrong. */
export async function verify(exercises: readonly Exercise[], options: VerifyOptions): Promise<Proof[]> {
  const plans = await Promise.all(exercises.map((exercise) => planOf(exercise, options)));
  const all = plans.flatMap((plan) => plan.jobs);
  const planned = plans.reduce((sum, plan) => sum + plan.count, 0);
  options.onStart?.(planned, estimateOf(planned));
  let done = 0;
  for (const place of PLACES) {
    const here = all.filter((job) => job.place === place);
    await runJobs(options.root, options.build, here, place, (job, finished) => {
      const plan = plans.find(({ exercise }) => exercise.id === job.subject.exercise) as Plan;
      const more = plan.take(job, finished);
      options.onProgress(++done, planned, `${job.subject.exercise} ${job.subject.name}`);
      return more;
    });
  }
  return plans.map((plan) => plan.close(options.write));
}

type Plan = {
  exercise: Exercise;
  jobs: PlacedJob[];
  /** How many checks it is all in all, with those that follow from others. */
  count: number;
  /** Notes what a check showed, and says what to check next because of it. */
  take(job: Job, done: JobDone): Job[];
  close(write: boolean): Proof;
};

async function planOf(exercise: Exercise, options: VerifyOptions): Promise<Plan> {
  const { subjects, problems } = await knownSubjects(options.root, exercise);
  const canaries = readCanaries(exercise.folder);
  problems.push(...canaries.problems, ...contentProblems(exercise));
  const runs = new Map<KnownSubject, Seen[]>();
  let checks = 0;
  let slowestMs = 0;
  const guard = (verdict: Verdict, where: string): void => {
    checks++;
    const secret = leak(everythingShown(verdict, exercise), canaries);
    if (secret !== null) problems.push(`${where} shows a part of the suite: ${secret.slice(0, 60)}`);
    slowestMs = Math.max(slowestMs, verdict.durationMs);
  };
  return {
    exercise,
    jobs: jobsFor(subjects, options.thorough),
    count: countOfJobs(subjects, options.thorough),
    take: (job, { verdict, fingerprints, tried, again, used }) => {
      const { subject, seed, order } = job;
      const where = `${subject.name} (seed ${seed}, ${order} order)`;
      guard(verdict, where);
      const whole = wholeVerdict(verdict, tried);
      problems.push(...disagreements(exercise, subject, whole).map((problem) => `${where} ${problem}`));
      if (order !== 'building') return [];
      const passed = new Set(whole.rules.filter(({ status }) => status === 'passed').map(({ id }) => id));
      const seen = { name: subject.name, cause: causeOf(subject), passed };
      runs.set(subject, [{ ...seen, fingerprints: new Map(fingerprints) }]);
      if (again !== null) {
        guard(again.verdict, where);
        const failed = fingerprints.map(([rule]) => rule);
        problems.push(...unsteady(failed, again.verdict).map((problem) => `${subject.name} ${problem}`));
        runs.get(subject)?.push({ ...seen, fingerprints: new Map(again.fingerprints) });
      }
      return seed === SEED ? jobsFrom(subject, subjects, used) : [];
    },
    close: (write) => {
      const catalogue: Catalogued[] = [];
      const broken: Seen[] = [];
      for (const [{ expected }, seen] of runs) {
        if (expected.kind === 'mistake') {
          const { name: mistake, often, breaks } = expected.mistake;
          catalogue.push({ mistake, often, breaks, runs: seen });
        } else if (expected.kind === 'broken') broken.push(...seen);
      }
      // In the order of the catalogue, and not in that in which they ended.
      catalogue.sort((a, b) => (a.mistake < b.mistake ? -1 : 1));
      const found = distinct(catalogue, broken);
      const known = new Map(Object.entries(found));
      const everyRun = [...catalogue.flatMap((each) => each.runs), ...broken];
      for (const seen of everyRun) {
        for (const [, mistake] of wronglyNamed(known, seen))
          problems.push(`${seen.name} is told that it often means ${mistake}, which it does not`);
      }
      const count = (all: readonly (readonly Seen[])[]): number =>
        all.filter((each) => each.some((seen) => isNamed(known, seen))).length;
      if (recordDiagnosis(exercise.folder, found, write) && !write)
        problems.push(
          'hidden/diagnosis.json is not what the mistakes show; run npm run verify, and commit it',
        );
      const named = {
        mistakes: count(catalogue.map((each) => each.runs)),
        broken: count(broken.map((seen) => [seen])),
      };
      return { exercise: exercise.id, subjects: subjects.length, checks, problems, named, slowestMs };
    },
  };
}

/** The catalogued mistake that a subject has in it. */
function causeOf({ expected }: KnownSubject): string | null {
  if (expected.kind === 'mistake') return expected.mistake.name;
  return expected.kind === 'broken' ? expected.broken.cause : null;
}

/** What was not tried is as in the program that the subject was made from, which keeps every rule. */
function wholeVerdict(verdict: Verdict, tried: readonly string[] | null): Verdict {
  if (tried === null) return verdict;
  const rules = verdict.rules.map((rule) =>
    tried.includes(rule.id) ? rule : { ...rule, status: 'passed' as const },
  );
  return { ...verdict, rules };
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
