import type { Exercise } from '../catalog/exercise.ts';
import type { SubjectFiles } from '../check/files.ts';
import type { Desk, Judged } from '../watch/desk.ts';
import { Saves } from '../watch/saves.ts';
import { Session } from '../watch/session.ts';

/** What is known of an exercise in this run. `trouble`: why saves are not seen any more. */
export type Standing = { judged: Judged | null; busy: boolean; trouble: string | null };

export type LiveOptions = {
  desk: Pick<Desk, 'read' | 'judge' | 'prepare'>;
  /** The folder of all exercises. */
  folder: string;
  /** The standing of an exercise is another now. */
  onChange: (exercise: Exercise, standing: Standing) => void;
};

type Place = {
  session: Session;
  standing: Standing;
  /** How many pages look at the exercise. While there is one, its folder is watched. */
  lookers: number;
  saves: Saves | null;
};

/**
 * The exercises that pages look at: every save is judged, and what came of it is told. One check runs at a time, whatever
 * number of exercises is looked at; the newest save of an exercise abandons the check of an older one.
 */
export class Live {
  private readonly options: LiveOptions;
  private readonly places = new Map<string, Place>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: LiveOptions) {
    this.options = options;
  }

  standing(id: string): Standing {
    return this.places.get(id)?.standing ?? { judged: null, busy: false, trouble: null };
  }

  /** A page looks at the exercise, until the function that it returns is called. Changed files are judged. */
  look(exercise: Exercise): () => void {
    const place = this.placeOf(exercise);
    place.lookers++;
    if (place.saves === null) {
      const saves = new Saves({
        exercises: this.options.folder,
        id: exercise.id,
        onSave: (settled) => void place.session.look({ settled }),
        onTrouble: ({ message }) => this.set(exercise, place, { trouble: message }),
      });
      place.saves = saves;
      // A save between this look and the moment from which saves are seen is found by the second look.
      void saves.ready().then(() => place.session.look());
    }
    void place.session.look();
    let looks = true;
    return () => {
      if (!looks) return;
      looks = false;
      place.lookers--;
      if (place.lookers > 0) return;
      void place.saves?.close();
      place.saves = null;
    };
  }

  /** Judges now, and resolves when the verdict is there. `force`: also files that did not change. */
  async check(exercise: Exercise, { force = true } = {}): Promise<void> {
    await this.placeOf(exercise).session.look({ force });
  }

  /** Abandons the check that runs. */
  async stop(exercise: Exercise): Promise<void> {
    const place = this.placeOf(exercise);
    await place.session.stop();
    this.set(exercise, place, { busy: false });
  }

  async close(): Promise<void> {
    const places = [...this.places.values()];
    this.places.clear();
    await Promise.all(
      places.flatMap(({ session, saves }) => [session.close(), saves?.close() ?? Promise.resolve()]),
    );
    await this.turn;
  }

  private placeOf(exercise: Exercise): Place {
    const known = this.places.get(exercise.id);
    if (known !== undefined) return known;
    const place: Place = {
      lookers: 0,
      saves: null,
      standing: { judged: null, busy: false, trouble: null },
      session: new Session(exercise, this.deskOf(), {
        onView: ({ judged, isEarly }, fresh) => {
          if (fresh && !isEarly) this.set(exercise, place, { judged, busy: false });
        },
        onBusy: () => this.set(exercise, place, { busy: true }),
        // A page that shows one rule alone would move twice; it waits for the verdict.
        onEarly: () => {},
        onReady: () => {},
        onMove: () => {},
        onQuit: () => {},
      }),
    };
    this.places.set(exercise.id, place);
    return place;
  }

  private set(exercise: Exercise, place: Place, change: Partial<Standing>): void {
    place.standing = { ...place.standing, ...change };
    if (this.places.get(exercise.id) === place) this.options.onChange(exercise, place.standing);
  }

  /** A session is made for a terminal; of that, only the judging is used here. */
  private deskOf(): Desk {
    const { desk } = this.options;
    return {
      read: (exercise) => desk.read(exercise),
      judge: (exercise, files, signal) => this.inTurn(() => this.judge(exercise, files, signal)),
      prepare: (exercise) => this.inTurn(() => desk.prepare(exercise)),
      render: () => '',
      renderEarly: () => '',
      hints: () => [],
      showHint: () => 0,
      renderHints: () => '',
      next: () => null,
      overview: () => '',
      reset: null,
      keepPlace: () => {},
    };
  }

  private async judge(exercise: Exercise, files: SubjectFiles, signal: AbortSignal): Promise<Judged | null> {
    return signal.aborted ? null : await this.options.desk.judge(exercise, files, signal, () => {});
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => {});
    return await mine;
  }
}
