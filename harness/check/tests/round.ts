import { randomInt } from 'node:crypto';
import type { BootOptions } from '../../subject/boot.ts';
import { runTestsOn } from '../../subject/tests/run.ts';
import type { TestsRun, TestsWorld } from '../../subject/tests/run.ts';
import type { BrokenTried, RightTried } from '../../suite/tests-link.ts';
import { Random } from '../../suite/random.ts';
import { learnerFrames } from '../frames.ts';
import type { LearnerTest } from './compiled.ts';
import { catchOf, faultsOf, isLate, passedIn } from './judge.ts';
import { compiledProgram } from './programs.ts';
import type { Program, Programs } from './programs.ts';

/** `shuffled`: tests in another order. `moved`: `Date` stands elsewhere. */
export type OtherWorld = 'shuffled' | 'moved';

export type RoundOptions = {
  programs: Programs;
  tests: readonly LearnerTest[];
  boot: BootOptions;
  /** The learner's folder, absolute; stacks name it. */
  folder: string;
  seed: number;
  /** The rules that are tried: only what they ask for is run. */
  rules: ReadonlySet<string>;
  /** How many programs are tried at a time. */
  width: number;
  signal?: AbortSignal | undefined;
  /** Told as programs are done. */
  onProgress: (done: number, of: number) => void;
};

type Kind = OtherWorld | 'written';

type Job = { program: Program; world: TestsWorld; kind: Kind; run: TestsRun | null };

/** The round ends when a right program is rejected in it: no catch would count. */
const NOT_TRIED: BrokenTried['caught'] = {
  kind: 'not-counted',
  why: 'your tests reject a right program, in another order or on another day',
};

const YEAR = 365 * 86_400_000;

/** Where the right programs stand in the round: each in another world than before, the first in both. */
const AGAIN: readonly [right: number, world: OtherWorld][] = [
  [0, 'shuffled'],
  [1, 'moved'],
  [2, 'shuffled'],
  [0, 'moved'],
];

/**
 * What is run after the right programs, in an order that nobody knows: the broken programs of these rules, and the right ones
 * again. Each broken one is met in the very world of a right one. So a test that goes by the order or the date alone fails on
 * both, and what a world looks like says nothing about the program, even to who knows the seed.
 */
export function roundOf(
  { right, broken }: Pick<Programs, 'right' | 'broken'>,
  rules: ReadonlySet<string>,
  seed: number,
): Omit<Job, 'run'>[] {
  const again = AGAIN.flatMap(([index, kind]) => {
    const program = right[index];
    return program === undefined ? [] : [{ program, kind, world: worldOf(`${seed}:${index}`, kind) }];
  });
  const tried = broken.filter(({ rule }) => rule !== null && rules.has(rule));
  // Not from the seed: who runs the tests may know it, and must not know the order.
  const beside = tried.flatMap((program) => {
    const met = again[randomInt(again.length)];
    return met === undefined ? [] : [{ ...met, program }];
  });
  return new Random(`${randomInt(2 ** 40)}`).shuffle([...beside, ...again]);
}

function worldOf(seed: string, kind: OtherWorld): TestsWorld {
  const random = new Random(`${seed}:${kind}`);
  if (kind === 'shuffled') return { seed: random.integer(1, 1_000_000), moved: 0, bail: true };
  const moved = (random.integer(0, 1) === 0 ? -1 : 1) * random.integer(YEAR, 9 * YEAR);
  return { seed: null, moved, bail: true };
}

/**
 * All runs of one check. First the right programs, with the tests as they are written. Then, in an order that nobody knows,
 * the broken ones and the right ones again: whoever fails without having looked at the program has to guess which is which.
 */
export class Round {
  /** What tests printed on the first right program. */
  output = { text: '', truncated: false };
  private readonly options: RoundOptions;
  private readonly files: readonly string[];
  private written: Promise<Job[]> | null = null;
  private rest: Promise<Job[]> | null = null;
  private done = 0;

  constructor(options: RoundOptions) {
    this.options = options;
    this.files = options.tests.map(({ file }) => file);
  }

  /** The right programs, with the tests as they are written. It stops at the first one that is rejected. */
  async first(): Promise<RightTried[]> {
    const jobs = await (this.written ??= this.runWritten());
    return jobs.map((job) => this.rightTried(job));
  }

  /** The right programs among the broken ones. */
  async again(world: OtherWorld): Promise<RightTried[]> {
    const jobs = await (this.rest ??= this.runRest());
    return jobs
      .filter(({ program, kind, run }) => program.rule === null && kind === world && run !== null)
      .map((job) => this.rightTried(job));
  }

  /** The broken programs of a rule. */
  async broken(rule: string): Promise<BrokenTried[]> {
    const jobs = await (this.rest ??= this.runRest());
    const right = [...((await this.written) ?? []), ...jobs].filter(({ program }) => program.rule === null);
    const trusted = right
      .map(({ run }) => (run === null ? new Set<string>() : passedIn(run, this.files)))
      .reduce((all, passed) => new Set([...all].filter((key) => passed.has(key))));
    return this.options.programs.broken
      .filter((program) => program.rule === rule)
      .map((program): BrokenTried => {
        const run = jobs.find((job) => job.program === program)?.run ?? null;
        const { about } = program;
        return { about, caught: run === null ? NOT_TRIED : catchOf(run, this.files, trusted) };
      });
  }

  /** Forgets what it knows: for a rule that is tried once more. */
  forget(): void {
    this.written = null;
    this.rest = null;
  }

  private async runWritten(): Promise<Job[]> {
    this.done = 0;
    const { right } = this.options.programs;
    const jobs = right.map((program): Job => {
      return { program, kind: 'written', world: { seed: null, moved: 0, bail: false }, run: null };
    });
    await this.runAll(jobs, (job) => this.isRejected(job));
    const [first] = jobs;
    if (first?.run != null) this.output = first.run.output;
    return jobs.filter(({ run }) => run !== null);
  }

  private async runRest(): Promise<Job[]> {
    const { programs, rules, seed } = this.options;
    const jobs = roundOf(programs, rules, seed).map((planned): Job => ({ ...planned, run: null }));
    await this.runAll(jobs, (job) => job.program.rule === null && this.isRejected(job));
    return jobs;
  }

  private isRejected({ run }: Job): boolean {
    return run !== null && faultsOf(run, this.files).length > 0;
  }

  /** Two at a time, or as many as the machine may take; `stops` ends it early. */
  private async runAll(jobs: readonly Job[], stops: (job: Job) => boolean): Promise<void> {
    const waiting = [...jobs];
    const total = this.done + jobs.length;
    const work = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        if (this.options.signal?.aborted === true) return;
        job.run = await this.runJob(job);
        this.options.onProgress(++this.done, total);
        if (stops(job)) waiting.length = 0;
      }
    };
    await Promise.all(Array.from({ length: this.options.width }, work));
  }

  private async runJob({ program, world, kind }: Job): Promise<TestsRun> {
    const { programs, tests, boot, signal } = this.options;
    const compiled = await compiledProgram(program, programs);
    const ordered = world.seed === null ? tests : new Random(`${world.seed}`).shuffle(tests);
    const run = this.inOrder(await runTestsOn(compiled, ordered, { world, boot, signal }), ordered);
    // A slow machine is no fault of the tests: what was late is tried once more, with more time. One test that is late
    // catches no broken program, and what is late as a whole with the tests as they are written is tried again by its rule.
    const isRetried = run.end.kind === 'report' ? program.rule === null : kind !== 'written';
    if (!isLate(run) || !isRetried || signal?.aborted === true) return run;
    const slow = { ...boot, pace: 2 * (boot.pace ?? 1) };
    return this.inOrder(await runTestsOn(compiled, ordered, { world, boot: slow, signal }), ordered);
  }

  /** The files of a report in the order in which the learner has them. */
  private inOrder(run: TestsRun, ordered: readonly LearnerTest[]): TestsRun {
    if (run.end.kind !== 'report') return run;
    const { report } = run.end;
    const files = this.options.tests.map(
      (test) => report.files[ordered.indexOf(test)] ?? { path: '', problems: [], tests: [] },
    );
    return { ...run, end: { kind: 'report', report: { ...report, files } } };
  }

  private rightTried({ run, kind, world }: Job): RightTried {
    if (run === null) throw new Error('a program was not tried');
    const faults = faultsOf(run, this.files);
    const [fault, ...more] = faults;
    const report = run.end.kind === 'report' ? run.end.report : null;
    const [frame] = learnerFrames(fault?.error.stack ?? null, this.options.folder);
    return {
      world: kind,
      seed: world.seed,
      passed: passedIn(run, this.files).size,
      names: report?.files.flatMap(({ tests }) => tests.map(({ name }) => name)) ?? [],
      faults: faults.length,
      others: more.flatMap(({ test }) => (test === null || test.name === '' ? [] : [test])).slice(0, 2),
      fault:
        fault === undefined
          ? null
          : {
              test: fault.test,
              place: frame === undefined ? null : `${frame.file}:${frame.line}`,
              error: { name: fault.error.name, message: fault.error.message },
              cause: fault.cause,
            },
      reached: run.reached,
      waits: report?.waits ?? [],
      dialled: report?.dialled ?? [],
    };
  }
}
