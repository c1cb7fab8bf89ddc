/** The fingerprints of one program that are evidence: hash → how often it stands there. */
export type Prints = ReadonlyMap<number, number>;

/** What two programs share; `left` and `right` are places in the list of them, left before right. */
export type Counted = { left: number; right: number; inLeft: number; inRight: number; shared: number };

/**
 * Counts what each two programs share, and tells of those that share something. It goes through the fingerprints and not
 * through the pairs, so those that share nothing cost nothing; and it keeps the counts of one program with all others at a
 * time, so memory grows with the programs and not with their pairs.
 */
export async function sharedPairs(
  programs: readonly Prints[],
  turn: () => Promise<void>,
  tell: (pair: Counted) => void,
): Promise<void> {
  /** Hash → place of a program and count there, in turns, by falling place. */
  const holders = new Map<number, number[]>();
  for (let at = programs.length - 1; at >= 0; at--) {
    for (const [hash, count] of programs[at] ?? []) {
      const held = holders.get(hash);
      if (held === undefined) holders.set(hash, [at, count]);
      else held.push(at, count);
    }
  }
  const inLeft = new Uint32Array(programs.length);
  const inRight = new Uint32Array(programs.length);
  const shared = new Uint32Array(programs.length);
  for (const [left, prints] of programs.entries()) {
    await turn();
    const touched: number[] = [];
    for (const [hash, count] of prints) {
      const held = holders.get(hash) ?? [];
      for (let at = 0; at < held.length; at += 2) {
        const right = held[at] ?? 0;
        if (right <= left) break;
        if (shared[right] === 0) touched.push(right);
        inLeft[right] = (inLeft[right] ?? 0) + count;
        inRight[right] = (inRight[right] ?? 0) + (held[at + 1] ?? 0);
        shared[right] = (shared[right] ?? 0) + 1;
      }
    }
    for (const right of touched) {
      tell({
        left,
        right,
        inLeft: inLeft[right] ?? 0,
        inRight: inRight[right] ?? 0,
        shared: shared[right] ?? 0,
      });
      inLeft[right] = inRight[right] = shared[right] = 0;
    }
  }
}

type Ranked = Counted & { similarity: number };

/** Counts pairs, and keeps those most alike; of equal ones those that come first in the list of programs. */
export class BestPairs {
  found = 0;
  private readonly most: number;
  private kept: Ranked[] = [];

  constructor(most: number) {
    this.most = most;
  }

  add(pair: Ranked): void {
    this.found += 1;
    this.kept.push(pair);
    // Now and then, so that a million pairs take the room of a few.
    if (this.kept.length >= 2 * this.most + 1_000) this.kept = this.sorted();
  }

  sorted(): Ranked[] {
    return this.kept
      .toSorted((a, b) => b.similarity - a.similarity || a.left - b.left || a.right - b.right)
      .slice(0, this.most);
  }
}
