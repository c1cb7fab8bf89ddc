import { availableParallelism } from 'node:os';
import type { Exercise } from '../catalog/exercise.ts';
import { SpareProbes } from '../probe/spare.ts';
import { runsInHost } from '../subject/boot.ts';
import { Kit } from '../subject/kit.ts';
import { nextRule } from '../verdict/terminal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { bootOptions } from './check.ts';
import type { BootPlace, Warm } from './check.ts';
import type { Engine } from './engine.ts';
import { lanesOf } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { withNeeds } from './plan.ts';

/** A rule that takes longer than this, and this part of all the time, is worth hosts of its own. In milliseconds. */
const SLOW = { ms: 100, share: 0.25 };

/** No more spare hosts than this for one lane: a program that dies again and again needs many, and gets them as it goes. */
const MOST_HOSTS = 3;

const MOST_PROBES = 4;

/** A rule that took longer than this, with what it needs, is not waited for by the others. In milliseconds. */
const QUICK = 250;

/** What one lane of the next check starts with. */
type Stock = { kit: Kit; probes: SpareProbes | null };

/**
 * What the next check of an exercise will need, started ahead of time: hosts that have loaded nobody's code, probes, and
 * the thread of the suite. It learns from each check how many of them that takes, and which rule is slow.
 */
export class Reserve {
  private readonly exercise: Exercise;
  private readonly engine: Engine;
  private readonly place: BootPlace;
  private slow: ReadonlySet<string> = new Set();
  private failed: readonly string[] = [];
  private isQuick = false;
  /** By lane, what the last check took. */
  private readonly taken = new Map<string, { hosts: number; probes: number }>();
  private stocks: Map<string, Stock> | null = null;

  constructor(exercise: Exercise, engine: Engine, place: BootPlace) {
    this.exercise = exercise;
    this.engine = engine;
    this.place = place;
  }

  /** Starts what is missing, and resolves when the hosts are there. */
  async fill(): Promise<void> {
    this.engine.warm();
    this.engine.prepare();
    this.stocks ??= this.boot();
    await Promise.all([...this.stocks.values()].map(({ kit }) => kit.ready()));
  }

  /** All of it, for one check, which ends it. `aside`: slow rules run beside the others, on hosts of their own. */
  async take(aside: boolean): Promise<Warm> {
    const stocks = this.stocks ?? this.boot();
    this.stocks = null;
    const slow = aside ? this.slow : new Set<string>();
    const names = this.lanes(slow).map(({ name }) => name);
    for (const [name, stock] of stocks) {
      if (names.includes(name)) continue;
      stocks.delete(name);
      await end(stock);
    }
    const all = [...stocks];
    return {
      slow,
      // In turn means as a cold check has it, which knows of no check before.
      failed: aside ? this.failed : [],
      alone: aside && this.isQuick,
      kits: new Map(all.map(([name, { kit }]) => [name, kit])),
      probes: new Map(all.flatMap(([name, { probes }]) => (probes === null ? [] : [[name, probes]]))),
    };
  }

  /** What a check has shown. `warm`: what it was given. */
  learn({ kits, probes }: Warm, { rules, status }: Pick<Verdict, 'rules' | 'status'>): void {
    // Nothing was tried of what does not compile: who repairs that goes on with the rule of before.
    if (status !== 'error') this.remember(rules);
    this.slow = availableParallelism() > 1 ? slowOf(rules) : new Set();
    for (const [name, kit] of kits) {
      this.taken.set(name, { hosts: kit.used, probes: probes.get(name)?.used ?? 0 });
    }
  }

  /** Ends what was started. */
  async dispose(): Promise<void> {
    const stocks = [...(this.stocks?.values() ?? [])];
    this.stocks = null;
    await Promise.all(stocks.map(end));
  }

  private remember(rules: Verdict['rules']): void {
    const next = nextRule(rules);
    const others = rules.filter((rule) => rule.status === 'failed' && rule !== next);
    this.failed = next?.status === 'failed' ? [next, ...others].map(({ id }) => id) : [];
    const names = withNeeds(this.exercise.rules, this.failed.slice(0, 1)).map(({ id }) => id);
    const first = rules.filter(({ id }) => names.includes(id));
    this.isQuick =
      this.failed.length > 0 &&
      first.reduce((sum, { durationMs }) => sum + durationMs, 0) < QUICK &&
      first.every(({ cause }) => cause === null || cause === 'wrong');
  }

  private lanes(slow: ReadonlySet<string>): Lane[] {
    return lanesOf(this.exercise.parts, this.exercise.rules, slow);
  }

  private boot(): Map<string, Stock> {
    return new Map(
      this.lanes(this.slow).map(({ name, part }): [string, Stock] => {
        const wanted = this.taken.get(name) ?? { hosts: 1, probes: 0 };
        const kit = new Kit([part], { ...bootOptions(this.place), rehearse: true });
        const hosts = runsInHost(part) ? clamp(wanted.hosts, 1, MOST_HOSTS) : 0;
        for (let count = hosts; count > 0; count--) kit.add(part);
        const probes = kit.shared === null ? null : new SpareProbes(this.place, kit.shared.folder);
        for (let count = clamp(wanted.probes, 0, MOST_PROBES); count > 0; count--) probes?.add();
        return [name, { kit, probes }];
      }),
    );
  }
}

async function end({ kit, probes }: Stock): Promise<void> {
  probes?.dispose();
  await kit.dispose();
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
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
