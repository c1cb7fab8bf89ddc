import { suiteDigest } from '../../check/files.ts';
import { assemble } from '../../check/assemble.ts';
import { digestFiles } from '../../catalog/editable.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { attemptOf } from '../assignment/policy.ts';
import type { Gradebook } from '../gradebook/gradebook.ts';
import { requestFor } from '../judge.ts';
import { digestOfBuild, judgeOf } from '../provenance.ts';
import { errorText } from '../rule-text.ts';
import { changesOf } from './changes.ts';
import type { Changes } from './changes.ts';
import { collect } from './collect.ts';
import type { Ledger } from './ledger.ts';
import { gradebookOf, notYet, studentGradeOf } from './marks.ts';
import type { Class, Entry, Found } from './marks.ts';
import { Publisher } from './publish.ts';
import type { RosterRow } from './roster.ts';
import { Schedule } from './schedule.ts';
import type { TargetResult } from './taken.ts';
import { seenLate, troublesOf } from './troubles.ts';
import { keyOf, nodeVersion } from './work.ts';
import type { Answer, Judges, Summary, Work, WorkParts } from './work.ts';

/** What the first write of the marks waits for, and each one after it, in milliseconds. A large class is written less often. */
const PUBLISH_EVERY = 30_000;

/** One thing in so many that a sweep does is to write what it knows. */
const PUBLISH_SHARE = 20;

export type SweepOptions = Class & {
  rows: readonly RosterRow[];
  ledger: Ledger;
  judges: Judges;
  root: string;
  build: string;
  out: string;
  /** The branch, tag or commit of git submissions; null: HEAD. */
  ref: string | null;
  env: Readonly<Record<string, string | undefined>>;
  now: () => number;
  /** Judge all again, whatever is known. */
  regrade: boolean;
  onProgress?: (progress: SweepProgress) => void;
};

/** Counted in exercises of students. `judged`: by this sweep, not known from before. `doing`: what is being judged. */
export type SweepProgress = { done: number; total: number; judged: number; takenIn: number; doing: string };

export type SweepResult = {
  gradebook: Gradebook;
  /** How many things were judged, and how many marks rest on what was known. */
  judged: number;
  known: number;
  /** Rows of which something could not be judged, by student: why. */
  troubles: { student: string; why: string }[];
  /** Marks that count as received only when a sweep saw them, after the due time: nobody knows better. */
  seenLate: number;
  changes: Changes;
  /** What all verdicts rest on: SHA-256, hex, of the harness and of each exercise's suite. */
  judgedWith: { harness: string; suites: Record<string, string> };
  /** Whether any file of the out folder is another than before. */
  isNew: boolean;
};

/** Judges a class. What is known is not judged again; what is judged is kept as soon as it is there. */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  return await new Sweep(options).run();
}

class Sweep {
  private readonly options: SweepOptions;
  private readonly parts: ReadonlyMap<string, Omit<WorkParts, 'files'>>;
  private readonly found = new Map<string, Found>();
  private readonly schedule = new Schedule();
  /** What is wanted, by key: the entries that wait for it. */
  private readonly wanted = new Map<
    string,
    { parts: WorkParts; entries: { entry: Entry; student: string }[] }
  >();
  private readonly alone: { key: string; first: Verdict | null }[] = [];
  private readonly publisher: Publisher;
  /** Verdicts of an earlier round do not count when all is judged again. */
  private readonly round: number;
  private readonly since: number;
  private readonly doing = new Map<number, string>();
  private readonly progress = { done: 0, total: 0, judged: 0, takenIn: 0 };
  private published = { at: performance.now(), took: 0 };

  constructor(options: SweepOptions) {
    const { ledger, build, isolation, asked, regrade, out } = options;
    this.options = options;
    const [harness, node] = [digestOfBuild(build), nodeVersion()];
    this.parts = new Map(
      asked.map(({ exercise }) => [
        exercise.id,
        { exercise: exercise.id, suite: suiteDigest(exercise), harness, node, isolation },
      ]),
    );
    this.publisher = new Publisher(out, ledger);
    const round = Number(ledger.meta('round') ?? '1');
    // One that was stopped goes on where it was.
    const isNew = regrade && ledger.meta('regrading') !== 'yes';
    this.round = isNew ? round + 1 : round;
    this.since = regrade ? this.round : 0;
    if (isNew) {
      ledger.together(() => {
        ledger.keepMeta('round', String(this.round));
        ledger.keepMeta('regrading', 'yes');
      });
    }
  }

  async run(): Promise<SweepResult> {
    const { rows, ledger, judges, asked } = this.options;
    this.progress.total = rows.length * asked.length;
    this.tell();
    const places = Array.from({ length: judges.width }, async (_, place) => {
      try {
        await this.work(place);
      } catch (error) {
        // The others finish what they are at.
        this.schedule.drop();
        throw error;
      }
    });
    // Whichever of the two fails, the other is not left without an owner.
    const judging = Promise.allSettled(places);
    try {
      await this.takeIn();
    } finally {
      this.schedule.close();
    }
    for (const ended of await judging) if (ended.status === 'rejected') throw ended.reason;
    await this.judgeAlone();
    const students = this.students();
    const gradebook = gradebookOf(students, this.options, this.options.now());
    // In the order of the roster: what came in first does not decide what a report looks like.
    const found = rows.flatMap(({ student }) => this.found.get(student) ?? []);
    const changes = changesOf(found, ledger, asked);
    const isNew = this.publisher.publish(gradebook, found, true);
    if (this.options.regrade) this.publisher.write('regrade.json', { ...changes, at: gradebook.at });
    this.settle();
    return {
      gradebook,
      judged: this.progress.judged,
      known: students.flatMap(({ exercises }) => exercises).filter(({ verdict }) => verdict !== null).length,
      troubles: troublesOf(students, this.found),
      seenLate: seenLate(students, this.found),
      changes,
      judgedWith: {
        harness: [...this.parts.values()][0]?.harness ?? '',
        suites: Object.fromEntries([...this.parts.values()].map(({ exercise, suite }) => [exercise, suite])),
      },
      isNew,
    };
  }

  private async takeIn(): Promise<void> {
    const { rows, ledger, asked, ref, root, out, env } = this.options;
    const byTarget = new Map<string, RosterRow[]>();
    for (const row of rows) {
      if (row.problem !== null) this.take(row, { ok: false, message: row.problem });
      else byTarget.set(row.target, [...(byTarget.get(row.target) ?? []), row]);
    }
    const exercises = asked.map(({ exercise }) => exercise);
    const suites = digestFiles(
      new Map([...this.parts.values()].map(({ exercise, suite }) => [exercise, suite])),
    );
    await collect(
      [...byTarget.keys()],
      { ledger, exercises, suites, ref, root, out, env },
      (target, result) => {
        ledger.together(() => {
          for (const row of byTarget.get(target) ?? []) this.take(row, result);
        });
        this.tell();
      },
    );
  }

  private take(row: RosterRow, result: TargetResult): void {
    this.progress.takenIn++;
    if (!result.ok) {
      const nobody = { commit: null, committedAt: null, own: false, entries: [] };
      this.found.set(row.student, { row, problem: result.message, ...nobody });
      this.progress.done += this.options.asked.length;
      return;
    }
    const { commit, committedAt, own, exercises } = result.taken;
    const entries = exercises.map((each): Entry => {
      const { exercise, digest, missing, problem } = each;
      if (digest !== null) return this.enter(row.student, exercise, digest);
      this.progress.done++;
      return { exercise, missing, work: null, summary: null, problem };
    });
    const isEmpty = entries.length > 0 && entries.every(({ missing }) => missing);
    this.found.set(row.student, {
      row,
      problem: isEmpty ? NOTHING : null,
      commit,
      committedAt,
      own,
      entries,
    });
  }

  /** What stands for a student in an exercise, and what has to be judged for it. */
  private enter(student: string, exercise: string, handedIn: string): Entry {
    const { ledger, assignment, now } = this.options;
    const before = ledger.seen(student, exercise);
    const graded = before.filter(({ state }) => state === 'judged');
    const attempt = attemptOf(assignment, new Set(graded.map(({ digest }) => digest)), handedIn);
    const last = graded.at(-1);
    const isSpent = attempt.kind === 'spent' && last !== undefined;
    const known = before.find(({ digest }) => digest === handedIn);
    const state = isSpent ? 'over' : 'waiting';
    if (known === undefined || (known.state !== 'judged' && known.state !== state))
      ledger.see(student, exercise, handedIn, now(), state);
    const digest = isSpent ? last.digest : handedIn;
    const seen = isSpent ? last.first : (known?.first ?? now());
    const parts = { ...this.partsOf(exercise), files: digest };
    const key = keyOf(parts);
    const problem = isSpent ? spentText(assignment.attempts ?? 0) : null;
    const entry: Entry = { exercise, missing: false, work: { key, parts, seen }, summary: null, problem };
    const kept = ledger.summary(key, this.since);
    // What failed on our side is tried anew by every sweep.
    if (kept?.final === true && kept.summary.error !== 'harness') {
      entry.summary = kept.summary;
      if (known?.state !== 'judged') ledger.markJudged(student, exercise, digest);
      this.progress.done++;
    } else this.want(entry, student, key, kept?.final === false);
    return entry;
  }

  private want(entry: Entry, student: string, key: string, isHalfDone: boolean): void {
    const waiting = this.wanted.get(key);
    if (waiting !== undefined) {
      waiting.entries.push({ entry, student });
      // It came in after its verdict.
      const before = waiting.entries[0]?.entry.summary ?? null;
      if (before !== null) this.mark(entry, student, before);
      return;
    }
    const parts = (entry.work as NonNullable<Entry['work']>).parts;
    this.wanted.set(key, { parts, entries: [{ entry, student }] });
    if (isHalfDone) this.alone.push({ key, first: this.options.ledger.verdict(key) });
    else this.schedule.add({ key, exercise: entry.exercise });
  }

  /** One place among those that judge, until nothing is left. */
  private async work(place: number): Promise<void> {
    let at: string | null = null;
    for (;;) {
      const next = await this.schedule.next(at);
      if (next === null) return;
      at = next.exercise;
      const answer = await this.ask(place, next.key, null);
      if (answer.kind === 'lost') this.alone.push({ key: next.key, first: null });
      else if (answer.again) {
        this.keep(next.key, answer.verdict, false);
        this.alone.push({ key: next.key, first: null });
      } else this.keep(next.key, answer.verdict, true);
    }
  }

  /** What hung, or brought a lane down, has all of the machine now. What does so again has an error of its own. */
  private async judgeAlone(): Promise<void> {
    for (const { key, first } of this.alone) {
      let half = first ?? this.options.ledger.verdict(key);
      if (half !== null && this.options.ledger.summary(key, this.since)?.final !== false) half = null;
      let answer = await this.ask(0, key, half);
      if (answer.kind === 'verdict' && answer.again) {
        this.keep(key, answer.verdict, false);
        answer = await this.ask(0, key, answer.verdict);
      }
      this.keep(key, answer.kind === 'lost' ? this.lost(key, answer.why) : answer.verdict, true);
    }
  }

  private async ask(place: number, key: string, first: Verdict | null): Promise<Answer> {
    const { parts, entries } = this.wantedOf(key);
    this.doing.set(place, `${parts.exercise} of ${entries[0]?.student ?? ''}`);
    this.tell();
    const work: Work = { key, parts, files: this.options.ledger.files(parts.files), first };
    const answer = await this.options.judges.judge(place, work);
    this.doing.delete(place);
    return answer;
  }

  private keep(key: string, verdict: Verdict, final: boolean): void {
    const { parts, entries } = this.wantedOf(key);
    const summary = this.summaryOf(verdict);
    this.options.ledger.keepVerdict(key, parts, { verdict, summary, final, round: this.round });
    if (final) {
      this.progress.judged++;
      for (const { entry, student } of entries) this.mark(entry, student, summary);
    }
    this.tell();
    const { at, took } = this.published;
    if (performance.now() - at > Math.max(PUBLISH_EVERY, took * PUBLISH_SHARE)) this.publish();
  }

  private mark(entry: Entry, student: string, summary: Summary): void {
    entry.summary = summary;
    this.options.ledger.markJudged(student, entry.exercise, entry.work?.parts.files ?? '');
    this.progress.done++;
  }

  private summaryOf(verdict: Verdict): Summary {
    const { env, now } = this.options;
    return {
      status: verdict.status,
      mastered: verdict.mastered,
      error: verdict.error?.kind ?? null,
      problem: verdict.status === 'error' ? errorText(verdict) : null,
      rules: verdict.rules.map(({ id, status }) => [id, status]),
      isolation: verdict.isolation,
      at: new Date(now()).toISOString(),
      harness: verdict.harness,
      run: judgeOf(env, false).run,
    };
  }

  /** The verdict on what brought its judge down twice: no points, and nobody else's matter. */
  private lost(key: string, why: string): Verdict {
    const { parts } = this.wantedOf(key);
    const { asked, root, build, harness, isolation, ledger } = this.options;
    const exercise = asked.find((each) => each.exercise.id === parts.exercise)?.exercise;
    if (exercise === undefined) throw new Error(`${parts.exercise} is not assigned`);
    const sources = { ok: true as const, files: ledger.files(parts.files) };
    const request = requestFor(
      { root, build, harness, isolation },
      { exercise, sources, refused: [] },
      () => {},
    );
    const nothing = { results: [], errors: new Map(), output: { text: '', truncated: false }, notes: [] };
    return assemble(request, { ...nothing, harness: `${why} So it was twice, the second time alone.` }, 0)
      .verdict;
  }

  private publish(): void {
    const begun = performance.now();
    const gradebook = gradebookOf(this.students(), this.options, this.options.now());
    this.publisher.publish(gradebook, [...this.found.values()], false);
    this.published = { at: performance.now(), took: performance.now() - begun };
  }

  private students(): Gradebook['students'] {
    const entries = this.options.asked.map(({ exercise }) => notYet(exercise.id));
    const nothing = { problem: null, commit: null, committedAt: null, own: false, entries };
    return this.options.rows.map((row) =>
      studentGradeOf(this.found.get(row.student) ?? { row, ...nothing }, this.options),
    );
  }

  /** From now on this is what later sweeps compare with. */
  private settle(): void {
    const { ledger } = this.options;
    ledger.together(() => {
      for (const { row, entries } of this.found.values()) {
        for (const { exercise, work, summary } of entries) {
          if (work === null || summary === null) continue;
          const before = ledger.standing(row.student, exercise);
          const standing = { parts: work.parts, summary };
          if (JSON.stringify(before) !== JSON.stringify(standing))
            ledger.stand(row.student, exercise, standing);
        }
      }
      if (this.options.regrade) ledger.keepMeta('regrading', 'no');
    });
  }

  private tell(): void {
    const doing = [...this.doing.values()].join(', ');
    this.options.onProgress?.({ ...this.progress, doing });
  }

  private partsOf(exercise: string): Omit<WorkParts, 'files'> {
    const parts = this.parts.get(exercise);
    if (parts === undefined) throw new Error(`${exercise} is not assigned`);
    return parts;
  }

  private wantedOf(key: string): { parts: WorkParts; entries: { entry: Entry; student: string }[] } {
    const wanted = this.wanted.get(key);
    if (wanted === undefined) throw new Error(`nobody waits for ${key}`);
    return wanted;
  }
}

function spentText(attempts: number): string {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return `What was handed in last is not judged: an exercise may be graded ${times}. The last allowed verdict stands.`;
}

const NOTHING =
  'The submission holds none of the exercises. Look whether the right repository, branch or folder was handed in.';
