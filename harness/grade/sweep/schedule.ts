/** What has to be judged, by key. `exercise`: things of one exercise are done in a row, since its suite is then in place. */
export type Waiting = { key: string; exercise: string };

/**
 * What waits to be judged, for several places at once. A place goes on with the exercise it is at while there is any of
 * it, and then takes the one of which most waits.
 */
export class Schedule {
  private readonly waiting = new Map<string, string[]>();
  private readonly asked: ((next: Waiting | null) => void)[] = [];
  private closed = false;

  add({ key, exercise }: Waiting): void {
    const [first] = this.asked.splice(0, 1);
    const waiting = this.waiting.get(exercise);
    if (this.closed) return;
    if (first !== undefined) first({ key, exercise });
    else if (waiting === undefined) this.waiting.set(exercise, [key]);
    else waiting.push(key);
  }

  /** Nothing more will come: places that wait go home. */
  close(): void {
    this.closed = true;
    for (const give of this.asked.splice(0)) give(null);
  }

  /** Gives up what waits, since whoever judges has failed. */
  drop(): void {
    this.waiting.clear();
    this.close();
  }

  /** `at`: the exercise that the place is at. Null: there is nothing left. */
  next(at: string | null): Promise<Waiting | null> {
    const exercise = at !== null && this.waiting.has(at) ? at : this.longest();
    const key = exercise === null ? undefined : this.waiting.get(exercise)?.pop();
    if (exercise === null || key === undefined) {
      if (this.closed) return Promise.resolve(null);
      return new Promise((give) => this.asked.push(give));
    }
    if (this.waiting.get(exercise)?.length === 0) this.waiting.delete(exercise);
    return Promise.resolve({ key, exercise });
  }

  private longest(): string | null {
    const [first] = [...this.waiting].toSorted(([, a], [, b]) => b.length - a.length);
    return first?.[0] ?? null;
  }
}
