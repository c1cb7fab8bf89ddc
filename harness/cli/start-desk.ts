import type { Exercise } from '../catalog/exercise.ts';
import { readHints } from '../catalog/hints.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { resetExercise } from '../catalog/replace-editable.ts';
import { readSolution } from '../catalog/solution.ts';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Engine } from '../check/engine.ts';
import type { SubjectFiles } from '../check/files.ts';
import type { FileDiff, Lock, Outcome, Overview, PageDesk, ResetPlan } from '../dashboard/desk.ts';
import { UNTRIED } from '../progress/progress.ts';
import type {
  ExerciseState,
  History,
  HistoryQuery,
  ProgressDocument,
  Saved,
  States,
} from '../progress/progress.ts';
import type { Judged } from '../watch/desk.ts';
import { keepPlace, readPlace } from '../watch/place.ts';
import type { Assigned } from './assigned.ts';
import { inCi } from './context.ts';
import type { Context } from './context.ts';
import { currentListed, loadedExercises } from './exercises.ts';
import type { ProgressAccess } from './exercises.ts';
import { diffFiles } from './file-diff.ts';
import { lockOf } from './locks.ts';
import { takeOverview } from './overview.ts';
import { resetFrom } from './watch.ts';
import { WatchDesk } from './watch-desk.ts';

export type StartParts = {
  context: Context;
  engine: Engine;
  listed: readonly ListedExercise[];
  assigned: Assigned;
  access: ProgressAccess;
};

/** The most time for comparing one file with the solution's, in milliseconds. */
const DIFF_MS = 500;

/** The workbook, as the page needs it. */
export class StartDesk implements PageDesk {
  private readonly parts: StartParts;
  private readonly watch: WatchDesk;
  private readonly loaded: readonly Exercise[];
  private readonly knownHints = new Map<string, ReadonlyMap<string, string[]>>();
  /** What was read in this turn of the event loop: one page asks for it many times. */
  private known: States | null = null;

  constructor(parts: StartParts) {
    this.parts = parts;
    const { context, engine, listed, assigned, access } = parts;
    this.loaded = loadedExercises(listed);
    this.watch = new WatchDesk({
      // The terminal shows the address, and no progress of checks.
      context: { ...context, terminal: { ...context.terminal, live: false } },
      engine,
      listed,
      assigned,
      progress: access.ok ? access.progress : null,
      columns: () => 80,
      reset: null,
    });
  }

  exercises(): readonly Exercise[] {
    return this.loaded;
  }

  overview(): Overview {
    const { listed, assigned, access, context } = this.parts;
    return takeOverview(listed, access.ok ? this.states() : null, inCi(context.env), assigned);
  }

  lock(exercise: Exercise): Lock {
    const { assigned, access, context } = this.parts;
    return lockOf(exercise, access.ok ? this.states() : null, inCi(context.env), assigned);
  }

  state(id: string): ExerciseState {
    return this.states().get(id) ?? UNTRIED;
  }

  read(exercise: Exercise): Promise<SubjectFiles> {
    return this.watch.read(exercise);
  }

  async judge(exercise: Exercise, files: SubjectFiles, signal: AbortSignal): Promise<Judged | null> {
    const judged = await this.watch.judge(exercise, files, signal, () => {});
    this.known = null;
    return judged;
  }

  prepare(exercise: Exercise): Promise<void> {
    return this.watch.prepare(exercise);
  }

  hints(exercise: Exercise): ReadonlyMap<string, string[]> {
    let hints = this.knownHints.get(exercise.id);
    if (hints === undefined) {
      const read = readHints(exercise);
      hints = read.ok ? read.hints : new Map<string, string[]>();
      this.knownHints.set(exercise.id, hints);
    }
    return hints;
  }

  showHint(exercise: Exercise, rule: string): Outcome {
    const total = this.hints(exercise).get(rule)?.length ?? 0;
    const { access } = this.parts;
    if (!access.ok)
      return { ok: false, message: `${access.message} Hints: npm run hint ${exercise.id} ${rule}` };
    const shown = access.progress.showHint(exercise.id, rule, (reached) => Math.min(reached + 1, total));
    this.known = null;
    return shown.ok ? { ok: true, message: '' } : { ok: false, message: shown.message };
  }

  next(exercise: Exercise): Exercise | null {
    const next = currentListed(this.parts.listed, this.states(), this.parts.assigned);
    return next?.ok === true && next.id !== exercise.id ? next.exercise : null;
  }

  keepPlace({ id }: Exercise): void {
    if (this.place() !== id) keepPlace(this.parts.context.root, id);
  }

  place(): string | null {
    return readPlace(this.parts.context.root);
  }

  unlock(id: string): Outcome {
    return this.save((progress) => progress.unlock(id), `${id} is open.`);
  }

  skip(id: string): Outcome {
    return this.save((progress) => progress.skip(id), `${id} is skipped.`);
  }

  async resetPlan(exercise: Exercise): Promise<ResetPlan> {
    let plan: ResetPlan = { ok: true, replacement: null };
    const replaced = await resetExercise({
      root: this.parts.context.root,
      exercise,
      now: this.parts.context.now(),
      confirm: (replacement) => {
        plan = { ok: true, replacement };
        return Promise.resolve(false);
      },
    });
    if (replaced.kind === 'refused' || replaced.kind === 'failed')
      return { ok: false, message: replaced.message };
    return plan;
  }

  reset(exercise: Exercise): Promise<Outcome> {
    return resetFrom(this.parts.context, exercise);
  }

  async solution(exercise: Exercise): ReturnType<PageDesk['solution']> {
    const read = await readSolution(this.parts.context.root, exercise);
    return read.ok ? read : { ok: false, message: describeProblem(read.problem) };
  }

  showSolution(id: string): Outcome {
    return this.save((progress) => progress.showSolution(id), '');
  }

  diff(yours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): FileDiff[] {
    return diffFiles(yours, theirs, DIFF_MS);
  }

  notes(): readonly string[] {
    const { access } = this.parts;
    return access.ok ? access.progress.notes : [access.message];
  }

  history(query: HistoryQuery): History | null {
    const { access } = this.parts;
    return access.ok ? access.progress.history(query) : null;
  }

  exportProgress(): ProgressDocument | null {
    const { access } = this.parts;
    return access.ok ? access.progress.exportAll() : null;
  }

  importProgress(document: unknown): Outcome {
    const { access } = this.parts;
    if (!access.ok) return access;
    const imported = access.progress.importAll(document);
    this.known = null;
    if (!imported.ok) return imported;
    const { attempts } = imported;
    return {
      ok: true,
      message: `Imported: ${attempts} ${attempts === 1 ? 'check was' : 'checks were'} new.`,
    };
  }

  now(): number {
    return this.parts.context.now();
  }

  /** What was read in this turn is old: somebody wrote. */
  refresh(): void {
    this.known = null;
  }

  /** Ends what was started ahead of time. */
  async close(): Promise<void> {
    await this.watch.close();
  }

  private states(): States {
    const { access } = this.parts;
    if (!access.ok) return new Map();
    if (this.known === null) {
      this.known = access.progress.states();
      setImmediate(() => (this.known = null));
    }
    return this.known;
  }

  private save(
    work: (progress: Extract<ProgressAccess, { ok: true }>['progress']) => Saved,
    message: string,
  ): Outcome {
    const { access } = this.parts;
    const saved: Saved = access.ok ? work(access.progress) : access;
    this.known = null;
    return saved.ok ? { ok: true, message } : { ok: false, message: saved.message };
  }
}
