import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { parseHints } from '../catalog/hints.ts';
import type { Early } from '../check/check.ts';
import type { Engine } from '../check/engine.ts';
import { loadedSubjectFiles } from '../check/files.ts';
import type { SubjectFiles } from '../check/files.ts';
import { Reserve } from '../check/reserve.ts';
import { newlyOpened } from '../progress/lock.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { Progress } from '../progress/progress.ts';
import { createPage } from '../verdict/page.ts';
import { renderVerdict } from '../verdict/terminal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Desk, Judged, Look, Reset } from '../watch/desk.ts';
import { keepPlace } from '../watch/place.ts';
import { dueLine } from './assigned.ts';
import type { Assigned } from './assigned.ts';
import { inCi } from './context.ts';
import type { Context } from './context.ts';
import { currentListed, loadedExercises, statesOf } from './exercises.ts';
import { judge, record } from './judge.ts';
import { renderOverview } from './list-page.ts';
import { takeOverview } from './overview.ts';

export type DeskParts = {
  context: Context;
  engine: Engine;
  listed: readonly ListedExercise[];
  assigned: Assigned;
  progress: Progress | null;
  /** The width of the terminal now. */
  columns: () => number;
  reset: Reset | null;
};

type Save = {
  exercise: Exercise;
  files: SubjectFiles;
  signal: AbortSignal;
  onEarly: (early: Early) => void;
};

/** The workbook, as one person who watches needs it. */
export class WatchDesk implements Desk {
  readonly reset: Reset | null;
  private readonly parts: DeskParts;
  private reserve: { exercise: Exercise; warm: Reserve } | null = null;
  private readonly knownHints = new Map<string, Map<string, string[]>>();

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.reset = parts.reset;
  }

  read(exercise: Exercise): Promise<SubjectFiles> {
    return loadedSubjectFiles(this.parts.context.root, exercise, exercise.folder);
  }

  async judge(
    exercise: Exercise,
    files: SubjectFiles,
    signal: AbortSignal,
    onEarly: (early: Early) => void,
  ): Promise<Judged | null> {
    const { context, progress, listed, assigned } = this.parts;
    const before = statesOf(progress);
    let verdict = await this.once({ exercise, files, signal, onEarly }, true);
    // With a slow rule aside, not all rules met one and the same process. A first pass is only given for all in turn, as
    // `check` does it: what one rule leaves behind there is met by the next.
    const state = before.get(exercise.id) ?? UNTRIED;
    const isFirst = verdict.verdict.mastered ? state.masteredAt === null : state.passedAt === null;
    if (verdict.aside && verdict.verdict.status === 'passed' && isFirst && !signal.aborted) {
      verdict = await this.once({ exercise, files, signal, onEarly }, false);
    }
    if (signal.aborted) return null;
    const recorded = record(verdict.verdict, progress, context);
    const news = recorded ? newlyOpened(before, statesOf(progress), loadedExercises(listed)) : [];
    const opened = news.filter((id) => !assigned.isOpen(id));
    return { verdict: verdict.verdict, untouched: files.untouched, recorded, opened };
  }

  async prepare(exercise: Exercise): Promise<void> {
    await this.reserveFor(exercise).fill();
  }

  render(exercise: Exercise, { verdict, untouched, recorded, opened }: Judged, { folded }: Look): string {
    const { colour, unicode } = this.parts.context.terminal;
    return renderVerdict(verdict, {
      colour,
      unicode,
      columns: this.parts.columns(),
      exerciseTitle: exercise.title,
      firstTry: untouched,
      opened,
      recorded,
      only: null,
      folded,
      due: this.dueOf(exercise.id, verdict),
    });
  }

  renderEarly(exercise: Exercise, { rule, verdict }: Early): string {
    const { colour, unicode } = this.parts.context.terminal;
    return renderVerdict(verdict, {
      colour,
      unicode,
      columns: this.parts.columns(),
      exerciseTitle: exercise.title,
      firstTry: false,
      opened: [],
      recorded: false,
      only: rule,
      goesOn: true,
    });
  }

  private dueOf(id: string, { status, mastered }: Verdict): string | null {
    const state = statesOf(this.parts.progress).get(id) ?? UNTRIED;
    return dueLine(this.parts.assigned, id, {
      passed: status === 'passed' || state.passedAt !== null,
      mastered: mastered || state.masteredAt !== null,
    });
  }

  hints(exercise: Exercise, rule: string): string[] {
    let hints = this.knownHints.get(exercise.id);
    if (hints === undefined) {
      hints = readHints(exercise.folder);
      this.knownHints.set(exercise.id, hints);
    }
    return hints.get(rule) ?? [];
  }

  showHint(exercise: Exercise, rule: string, here: number): number {
    const total = this.hints(exercise, rule).length;
    const next = (reached: number): number => Math.min(Math.max(reached, here) + 1, total);
    const shown = this.parts.progress?.showHint(exercise.id, rule, next);
    // What cannot be written is shown all the same.
    return shown?.ok === true ? shown.level : next(here);
  }

  renderHints(rule: string, shown: readonly string[], total: number): string {
    const { colour, unicode } = this.parts.context.terminal;
    const page = createPage({ colour, unicode, columns: this.parts.columns() });
    return shown
      .map((hint, index) => {
        const head = page.paint.bold(`hint ${index + 1} of ${total} for ${rule}`);
        const text = page.lines(hint, page.measure - 2, { maxLines: 40, maxChars: 4_000 });
        return [head, ...text.map((line) => `  ${line}`), ''].join('\n');
      })
      .join('\n');
  }

  next(exercise: Exercise): Exercise | null {
    const { listed, progress, assigned } = this.parts;
    const next = currentListed(listed, statesOf(progress), assigned);
    return next?.ok === true && next.id !== exercise.id ? next.exercise : null;
  }

  overview(): string {
    const { listed, progress, assigned, context } = this.parts;
    const overview = takeOverview(listed, progress?.states() ?? null, inCi(context.env), assigned);
    return renderOverview(overview, { ...context.terminal, columns: this.parts.columns(), all: false });
  }

  keepPlace(exercise: Exercise): void {
    keepPlace(this.parts.context.root, exercise.id);
  }

  /** Ends what was started ahead of time. */
  async close(): Promise<void> {
    await this.reserve?.warm.dispose();
  }

  private async once(
    { exercise, files, signal, onEarly }: Save,
    beside: boolean,
  ): Promise<{ verdict: Verdict; aside: boolean }> {
    const { context, engine } = this.parts;
    const reserve = this.reserveFor(exercise);
    const warm = await reserve.take(beside);
    const verdict = await judge({
      exercise,
      files,
      folder: exercise.folder,
      only: null,
      engine,
      inspect: false,
      seed: null,
      context,
      warm,
      signal,
      onEarly,
    });
    if (!signal.aborted) reserve.learn(warm, verdict);
    return { verdict, aside: warm.slow.size > 0 };
  }

  private reserveFor(exercise: Exercise): Reserve {
    if (this.reserve?.exercise !== exercise) {
      void this.reserve?.warm.dispose();
      const { engine, context } = this.parts;
      this.reserve = { exercise, warm: new Reserve(exercise, engine, context) };
    }
    return this.reserve.warm;
  }
}

/** Where there are no hints to be read, none are offered. */
function readHints(folder: string): Map<string, string[]> {
  try {
    return parseHints(readFileSync(join(folder, 'hints.md'), 'utf8'));
  } catch {
    return new Map();
  }
}
