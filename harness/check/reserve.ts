import { availableParallelism } from 'node:os';
import type { Exercise } from '../catalog/exercise.ts';
import { Kit } from '../subject/kit.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { bootOptions } from './check.ts';
import type { Warm } from './check.ts';
import type { Engine } from './engine.ts';
import { lanesOf } from './lanes.ts';

/** A rule that takes longer than this, and this part of all the time, is worth hosts of its own. In milliseconds. */
const SLOW = { ms: 100, share: 0.25 };

/** No more spare hosts than this for one lane: a program that dies again and again needs many, and gets them as it goes. */
const MOST_HOSTS = 3;

/**
 * What the next check of an exercise will need, started ahead of time: hosts that have loaded nobody's code, and the
 * thread of the suite. It learns from each check how many hosts that takes, and which rules are slow.
 */
export class Reserve {
  private readonly exercise: Exercise;
  private readonly engine: Engine;
  private readonly place: { root: string; build: string };
  private slow: ReadonlySet<string> = new Set();
  private hosts = new Map<string, number>();
  private kits: Map<string, Kit> | null = null;

  constructor(exercise: Exercise, engine: Engine, place: { root: string; build: string }) {
    this.exercise = exercise;
    this.engine = engine;
    this.place = place;
  }

  /** Starts what is missing, and resolves when it is there. */
  async fill(): Promise<void> {
    this.engine.warm();
    this.engine.prepare();
    this.kits ??= this.boot();
    await Promise.all([...this.kits.values()].map((kit) => kit.ready()));
  }

  /** All of it, for one check, which ends it. `aside`: slow rules run beside the others, on hosts of their own. */
  async take(aside: boolean): Promise<Warm> {
    const kits = this.kits ?? this.boot();
    this.kits = null;
    if (aside) return { kits, slow: this.slow };
    const names = lanesOf(this.exercise.parts, this.exercise.rules, new Set()).map(({ name }) => name);
    for (const [name, kit] of kits) {
      if (names.includes(name)) continue;
      kits.delete(name);
      await kit.dispose();
    }
    return { kits, slow: new Set() };
  }

  /** Whether slow rules would run beside the others. */
  get hasAside(): boolean {
    return this.slow.size > 0;
  }

  /** What a check has shown. `warm`: what it was given. */
  learn({ kits }: Warm, { rules }: Verdict): void {
    this.slow = availableParallelism() > 1 ? slowOf(rules) : new Set();
    for (const [name, kit] of kits) {
      this.hosts.set(name, Math.min(MOST_HOSTS, Math.max(1, kit.used)));
    }
  }

  /** Ends what was started. */
  async dispose(): Promise<void> {
    const kits = this.kits ?? new Map<string, Kit>();
    this.kits = null;
    await Promise.all([...kits.values()].map((kit) => kit.dispose()));
  }

  private boot(): Map<string, Kit> {
    const { parts, rules } = this.exercise;
    return new Map(
      lanesOf(parts, rules, this.slow).map(({ name, part }) => {
        const kit = new Kit([part], bootOptions(this.place));
        for (let count = this.hosts.get(name) ?? 1; count > 0; count--) kit.add(part);
        return [name, kit];
      }),
    );
  }
}

/** The rule that most of the time goes into, if there is one that stands out. */
function slowOf(rules: Verdict['rules']): ReadonlySet<string> {
  // What hung or died was repeated: its time says nothing about the next check.
  const timed = rules.filter(({ cause }) => cause === null || cause === 'wrong');
  const total = timed.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const [slowest] = timed.toSorted((a, b) => b.durationMs - a.durationMs);
  const standsOut =
    slowest !== undefined && slowest.durationMs > SLOW.ms && slowest.durationMs > SLOW.share * total;
  return new Set(standsOut ? [slowest.id] : []);
}
