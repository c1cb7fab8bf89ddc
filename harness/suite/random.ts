import { createHash } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Seeded randomness: the same seed, the same run. Numbers are cut from SHA-256 of the seed and a counter. */
export class Random {
  private readonly seed: number | string;
  private count = 0;
  /** All words given out. They differ from run to run, so a fingerprint leaves them out. */
  readonly words: string[] = [];

  constructor(seed: number | string) {
    this.seed = seed;
  }

  /** A number from 0 (included) to 1 (not included). */
  next(): number {
    const digest = createHash('sha256').update(`${this.seed}:${this.count++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** A word of lower-case letters. */
  word(length = 8): string {
    const word = Array.from({ length }, () => LETTERS.charAt(this.integer(0, LETTERS.length - 1))).join('');
    this.words.push(word);
    return word;
  }
}
