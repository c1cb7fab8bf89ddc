// canary 007f3ada20d3afa638e5d929
import { eventually, played, PlayedFailure } from '#suite';
import type { Played, Trial } from '#suite';

type Kept = { version: number; value: unknown; expires: number };

/** One call that writes, as it arrived. `ttlMs`: whatever was sent. */
export type Write = { key: string; ttlMs: unknown };

/**
 * The store of the contract, played by the suite: each function is one step, entries expire on the clock that the rule
 * moves. All hosts of a rule share it.
 */
export class SharedStore {
  readonly writes: Write[] = [];
  private readonly entries = new Map<string, Kept>();
  private readonly functions: { incr: Played; get: Played; update: Played };
  private time: number;
  private versions = 0;

  constructor(t: Trial) {
    this.time = t.now;
    this.functions = { incr: t.play('incr'), get: t.play('get'), update: t.play('update') };
    this.work();
  }

  /** As the subject is given it. */
  get dependency(): Record<string, unknown> {
    return { incr: played('incr'), get: played('get'), update: played('update') };
  }

  /** Time goes on for the entries. */
  pass(ms: number): void {
    this.time += ms;
  }

  forget(): void {
    this.entries.clear();
    this.writes.length = 0;
  }

  /** All functions do what the contract says. */
  work(): void {
    const { incr, get, update } = this.functions;
    incr.answers(([key, ttlMs]) => this.incr(key, ttlMs));
    get.answers(([key]) => this.read(key));
    update.answers(([key, version, value, ttlMs]) => this.update(key, version, value, ttlMs));
  }

  /** From now on these reject. */
  break(...names: ('incr' | 'get' | 'update')[]): void {
    for (const name of names) {
      this.functions[name].fails('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
    }
  }

  hold(): void {
    for (const each of Object.values(this.functions)) each.hold();
  }

  async release(): Promise<void> {
    for (const each of Object.values(this.functions)) await each.release();
  }

  /** Answers the calls that wait, and no others: those that follow wait again. */
  async answerWaiting(): Promise<void> {
    const answering = Object.values(this.functions).map((each) => {
      const done = each.release();
      each.hold();
      return done;
    });
    await Promise.all(answering);
  }

  /** How many calls wait. */
  get waiting(): number {
    return Object.values(this.functions).reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Waits until so many calls wait, or no more come: where a program lets fewer through at a time. */
  async gathered(count: number): Promise<void> {
    await gathered(() => this.waiting, count);
  }

  private incr(key: unknown, ttlMs: unknown): unknown {
    const problem = wrongKey(key) ?? wrongTtl(ttlMs);
    if (problem !== null) return problem;
    const known = this.find(key as string);
    if (known !== undefined && typeof known.value !== 'number') {
      return new PlayedFailure('incr needs a number under this key', { name: 'TypeError' });
    }
    const value = ((known?.value as number | undefined) ?? 0) + 1;
    this.writes.push({ key: key as string, ttlMs });
    this.write(key as string, value, known?.expires ?? this.expiry(ttlMs));
    return value;
  }

  private read(key: unknown): unknown {
    const problem = wrongKey(key);
    if (problem !== null) return problem;
    const { version = 0, value = null } = this.find(key as string) ?? {};
    return { version, value };
  }

  private update(key: unknown, version: unknown, value: unknown, ttlMs: unknown): unknown {
    const problem = wrongKey(key) ?? wrongTtl(ttlMs);
    if (problem !== null) return problem;
    if (typeof version !== 'number') {
      return new PlayedFailure('the version has to be a number', { name: 'TypeError' });
    }
    if ((this.find(key as string)?.version ?? 0) !== version) return false;
    this.writes.push({ key: key as string, ttlMs });
    this.write(key as string, value, this.expiry(ttlMs));
    return true;
  }

  private find(key: string): Kept | undefined {
    const known = this.entries.get(key);
    return known !== undefined && known.expires > this.time ? known : undefined;
  }

  private write(key: string, value: unknown, expires: number): void {
    this.entries.set(key, { version: ++this.versions, value, expires });
  }

  private expiry(ttlMs: unknown): number {
    return typeof ttlMs === 'number' ? this.time + ttlMs : Number.POSITIVE_INFINITY;
  }
}

/** Waits until `count()` has come to `most`, or stands still. How long all of them need is up to the machine. */
export async function gathered(count: () => number, most: number): Promise<void> {
  const stillMs = 250;
  for (let before = -1; count() < most && count() > before;) {
    before = count();
    await eventually(async () => count() > before, stillMs);
  }
}

/** Whether an expiry was given, and is neither nothing nor for ever. */
export function expiresWithin(longestMs: number): (write: Write) => boolean {
  return ({ ttlMs }) => typeof ttlMs === 'number' && ttlMs > 0 && ttlMs <= longestMs;
}

function wrongKey(key: unknown): PlayedFailure | null {
  if (typeof key === 'string' && key !== '') return null;
  return new PlayedFailure('the key has to be a string that is not empty', { name: 'TypeError' });
}

/** Left out, an entry stays for good, as in Redis. */
function wrongTtl(ttlMs: unknown): PlayedFailure | null {
  if (ttlMs === undefined || (typeof ttlMs === 'number' && ttlMs > 0)) return null;
  return new PlayedFailure('ttlMs has to be a number above 0', { name: 'TypeError' });
}
