import { File, FingerprintIndex, Region, TokenizedFile } from '@dodona/dolos-core';
import type { FileEntry, SharedFingerprint } from '@dodona/dolos-core';
import { matchesOf } from './matches.ts';
import type { Match } from './matches.ts';
import { MOST_TOKENS, tokensOf } from './tokens.ts';

/** Relative path → text. */
export type Files = ReadonlyMap<string, string>;

/** Two submissions of one exercise that a person should look at, because they share more than chance explains. */
export type SimilarPair = {
  left: string;
  right: string;
  /** The share of both programs that is in the other one as well, 0 to 1; what most have is left out of both. */
  similarity: number;
  /** How many different fingerprints they share. */
  shared: number;
  /** The regions, in the lines of `linesOf`, from the largest to the smallest. */
  matches: Match[];
};

export type Similarities = {
  pairs: SimilarPair[];
  /** How many submissions were compared. */
  compared: number;
  /** Submissions in which too little was left to compare after what everybody has. */
  tooSmall: string[];
  /** How many pairs are above the threshold; `pairs` holds the first of them. */
  found: number;
};

/**
 * Pairs from here on are shown. It lies between what was measured on this workbook's own programs: of the solution and the
 * variants of 11 exercises, written by different hands, no two of an exercise share more than 0.21; each of these 55
 * programs and its own copy, with other names, other layout, no types and its parts in another order, share 0.55 or more.
 * `similar.test.ts` holds a part of it.
 */
export const THRESHOLD = 0.4;

/** Tokens in a fingerprint, and fingerprints of which one is kept (Schleimer, Wilkerson, Aiken: "Winnowing", SIGMOD 2003). */
const KGRAM = 14;
const WINDOW = 9;

/** Programs with fewer fingerprints of their own say nothing: two honest ones of this size may well be the same. */
const FEWEST = 12;

/** What stands so often in one program is repetition, of generated data for example. */
const MOST_REPEATED = 12;

/** In a class of this size, what more than half of them have is taken for what everybody writes. */
const CLASS = 10;

/**
 * The pairs of an exercise that are worth a look. Never a verdict: short tasks have few ways to be solved, and a
 * common source is no crime. `stub`: what was given to all. `most`: pairs to return. All of it is text; nothing is run.
 */
export function similarPairs(
  submissions: ReadonlyMap<string, Files>,
  stub: Files | null,
  most = 200,
): Similarities {
  const limit = submissions.size >= CLASS ? Math.floor(submissions.size / 2) : Number.MAX_SAFE_INTEGER;
  const index = new FingerprintIndex(KGRAM, WINDOW, false, limit);
  const names = [...submissions.keys()].toSorted();
  const files = new Map(names.map((name) => [name, tokenized(name, submissions.get(name) ?? new Map())]));
  index.addFiles([...files.values()]);
  // Last: the index leaves out only what is in it already.
  if (stub !== null) index.addIgnoredFile(tokenized('stub', stub));
  index.addIgnoredHashes(repetitions(index.sharedFingerprints()));

  const entries = new Map(index.entries().map((entry) => [entry.file.path, entry]));
  const own = new Map(names.map((name) => [name, ownCount(entries.get(name))]));
  const tooSmall = names.filter((name) => (own.get(name) ?? 0) < FEWEST);
  const counts = sharedCounts(index.sharedFingerprints(), new Set(tooSmall));
  const found = [...counts.values()]
    .map((pair) => ({
      ...pair,
      similarity: (pair.inLeft + pair.inRight) / ((own.get(pair.left) ?? 0) + (own.get(pair.right) ?? 0)),
    }))
    .filter(({ similarity }) => similarity >= THRESHOLD)
    .toSorted((one, other) => other.similarity - one.similarity || compare(one.left, other.left));
  const pairs = found.slice(0, most).map(({ left, right, similarity, shared }): SimilarPair => {
    const [one, other] = [entries.get(left), entries.get(right)];
    const matches = one === undefined || other === undefined ? [] : matchesOf(one, other);
    return { left, right, similarity, shared, matches };
  });
  return { pairs, compared: names.length, tooSmall, found: found.length };
}

/** The lines of a submission as they are compared and shown: the files by name, a heading before each. */
export function linesOf(files: Files): { heading: boolean; text: string }[] {
  return sorted(files).flatMap(([path, text]) => [
    { heading: true, text: path },
    ...text.split(/\r?\n/).map((line) => ({ heading: false, text: line })),
  ]);
}

function sorted(files: Files): [string, string][] {
  return [...files].toSorted(([one], [other]) => compare(one, other));
}

function tokenized(name: string, files: Files): TokenizedFile {
  const kinds: string[] = [];
  const places: Region[] = [];
  let above = 0;
  for (const [path, text] of sorted(files)) {
    above += 1;
    if (kinds.length >= MOST_TOKENS) break;
    let last = above;
    for (const { kind, from, to } of tokensOf(path, text)) {
      kinds.push(kind);
      // The index insists on order, and the tree of a program with mistakes in it need not have one.
      last = Math.max(last, above + from);
      places.push(new Region(last, 0, Math.max(last, above + to), 0));
    }
    // Nothing reaches over the end of a file: another order of files is no other program.
    kinds.push(`end ${path}`);
    places.push(new Region(last, 0, last, 0));
    above += text.split(/\r?\n/).length;
  }
  return new TokenizedFile(new File(name, ''), kinds, places);
}

function repetitions(all: readonly SharedFingerprint[]): number[] {
  return all
    .filter((shared) => shared.files().some((file) => shared.occurrencesOf(file).length > MOST_REPEATED))
    .map(({ hash }) => hash);
}

function ownCount(entry: FileEntry | undefined): number {
  if (entry === undefined) return 0;
  return [...entry.shared].reduce((sum, shared) => sum + shared.occurrencesOf(entry.file).length, 0);
}

type Counted = { left: string; right: string; inLeft: number; inRight: number; shared: number };

/** Goes through the fingerprints and not through the pairs: those that share nothing cost nothing. */
function sharedCounts(
  all: readonly SharedFingerprint[],
  tooSmall: ReadonlySet<string>,
): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const fingerprint of all) {
    if (fingerprint.ignored || fingerprint.fileCount() < 2) continue;
    const files = fingerprint.files().filter(({ path }) => !tooSmall.has(path));
    for (const [place, one] of files.entries()) {
      for (const other of files.slice(place + 1)) {
        const [left, right] = one.path < other.path ? [one, other] : [other, one];
        const key = `${left.path}/${right.path}`;
        const pair = counts.get(key) ?? {
          left: left.path,
          right: right.path,
          inLeft: 0,
          inRight: 0,
          shared: 0,
        };
        pair.inLeft += fingerprint.occurrencesOf(left).length;
        pair.inRight += fingerprint.occurrencesOf(right).length;
        pair.shared += 1;
        counts.set(key, pair);
      }
    }
  }
  return counts;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
