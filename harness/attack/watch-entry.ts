import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { loadExercise } from '../catalog/load-exercise.ts';
import type { SourceFiles } from '../compile/compile.ts';
import { Engine } from '../check/engine.ts';
import { EXERCISE, subjectFiles } from '../check/corpus/subject.ts';
import { NOTHING_ASSIGNED } from '../cli/assigned.ts';
import type { Context } from '../cli/context.ts';
import { WatchDesk } from '../cli/watch-desk.ts';
import { openProgress } from '../progress/progress.ts';
import type { Progress } from '../progress/progress.ts';
import { renderJson } from '../verdict/json.ts';
import { readCanaries } from '../verify/canary.ts';
import type { Judged } from '../watch/desk.ts';
import { Session } from '../watch/session.ts';
import { filesOf } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import { triedAt } from './check-entry.ts';
import type { Outcome } from './entry.ts';
import type { Ground } from './ground.ts';
import { escaped, forgedBy, leakedBy } from './harm.ts';
import { expectedAt } from './open-at.ts';

/**
 * Saves one program after the other under the eyes of one watch: with its thread that is kept, its hosts that were started
 * ahead of time, and its record of progress. What one program did to any of them would be met by those after it. Returns
 * what was wrong when all were over; empty: nothing.
 */
export async function throughWatch(
  attacks: readonly ProgramAttack[],
  ground: Ground,
  onOutcome: (outcome: Outcome) => void,
): Promise<string[]> {
  const tried = triedAt('permission', attacks);
  // Two watches: one for programs of which no rule may ever pass, and one for all others.
  const laneOf = ({ name, base }: ProgramAttack) =>
    expectedAt(TITLE, name, 'forged') ? ('solution' as const) : base;
  const wrong = await Promise.all(
    (['stub', 'solution'] as const).map(async (base) => {
      const own = tried.filter((attack) => laneOf(attack) === base);
      const watch = new Watch(base, ground);
      try {
        for (const attack of own) onOutcome(await watch.outcomeOf(attack));
        return await watch.afterwards();
      } finally {
        await watch.close();
      }
    }),
  );
  return wrong.flat();
}

/** The column of the table. */
const TITLE = 'watch, permission';

const CONTROLS = [
  ['stub', 'failed'],
  ['solution', 'passed'],
] as const;

class Watch {
  private readonly base: ProgramAttack['base'];
  private readonly ground: Ground;
  private readonly exercise: Exercise;
  private readonly progress: Progress;
  private readonly engine: Engine;
  private readonly desk: WatchDesk;
  private readonly session: Session;
  private shown: { judged: Judged; text: string } | null = null;
  private early = '';
  private said = '';
  private isReady: () => void = () => {};

  constructor(base: ProgramAttack['base'], ground: Ground) {
    const { root, build } = ground.book;
    const loaded = loadExercise(root, EXERCISE);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
    this.base = base;
    this.ground = ground;
    // A copy of the exercise for each watch, so that two can work side by side.
    const lane = join(root, '..', 'watched', base);
    const folder = join(lane, EXERCISE);
    cpSync(loaded.exercise.folder, folder, { recursive: true });
    this.exercise = { ...loaded.exercise, folder };
    const opened = openProgress(join(lane, 'progress.sqlite'));
    if (!opened.ok) throw new Error(opened.message);
    this.progress = opened.progress;
    this.engine = new Engine(root, build, { keepThread: true });
    this.engine.warm();
    this.desk = new WatchDesk({
      context: this.context(),
      engine: this.engine,
      listed: [{ ok: true, id: EXERCISE, exercise: this.exercise }],
      progress: this.progress,
      columns: () => 100,
      reset: null,
      assigned: NOTHING_ASSIGNED,
    });
    this.session = new Session(this.exercise, this.desk, {
      onView: ({ judged, text, isEarly }, fresh) => {
        if (isEarly) this.early += text;
        if (fresh && judged !== null) this.shown = { judged, text };
      },
      onBusy: () => {},
      onEarly: ({ verdict }) => void (this.early += JSON.stringify(verdict)),
      onReady: () => this.isReady(),
      onMove: () => {},
      onQuit: () => {},
    });
  }

  async outcomeOf(attack: ProgramAttack): Promise<Outcome> {
    const place = this.ground.placeFor(`watch-${attack.name}`);
    const { judged, text } = await this.saved(await filesOf(attack, place));
    const { verdict } = judged;
    const seen = `${JSON.stringify(verdict)}${renderJson(verdict)}${text}${this.early}${this.said}`;
    return {
      attack: attack.name,
      harms: [
        ...forgedBy(attack, verdict),
        ...leakedBy(seen, readCanaries(this.exercise.folder), this.ground.secret),
        ...escaped(this.ground.escapesOf(place)),
      ],
    };
  }

  /** What the record says of all of them, and whether the same watch still tells right from wrong. */
  async afterwards(): Promise<string[]> {
    const { ground, base } = this;
    const { root } = ground.book;
    const wrong: string[] = [];
    const kept = this.progress.state(EXERCISE);
    if (base === 'stub' && (kept.passedAt !== null || kept.bestPoints > 0)) {
      wrong.push(`a record of ${kept.bestPoints} points for programs that keep no rule`);
    }
    for (const [of, wanted] of CONTROLS) {
      const name = `untouched-${of}`;
      const subject = { name, base: of, rows: '', does: '', pace: 1, loose: false, unnoted: false };
      const { judged } = await this.saved(await subjectFiles(root, subject));
      const { status } = judged.verdict;
      if (status !== wanted) wrong.push(`a watch that calls ${name} ${status}, after all that it has seen`);
    }
    return wrong;
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.desk.close();
    await this.engine.close();
    this.progress.close();
    rmSync(dirname(this.exercise.folder), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Writes the program, and waits for its verdict and until everything for the next one is started. */
  private async saved(files: SourceFiles): Promise<{ judged: Judged; text: string }> {
    const { folder } = this.exercise;
    rmSync(join(folder, 'src'), { recursive: true, force: true });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    this.shown = null;
    this.early = '';
    this.said = '';
    const ready = new Promise<void>((resolve) => (this.isReady = resolve));
    await this.session.look({ force: true });
    if (this.shown === null) throw new Error('the watch showed no verdict');
    await ready;
    return this.shown;
  }

  private context(): Context {
    const { root, build } = this.ground.book;
    const hear = (text: string): void => void (this.said += text);
    return {
      root,
      build,
      cwd: root,
      env: {},
      terminal: { out: hear, err: hear, columns: 100, colour: false, unicode: true, live: false },
      now: Date.now,
    };
  }
}
