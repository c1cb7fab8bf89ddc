import { matchesOf } from './matches.ts';
import type { Match } from './matches.ts';
import { digestOf, linesOf, programOf } from './program.ts';
import type { Files } from './program.ts';
import { BestPairs, sharedPairs } from './shared.ts';
import type { Prints } from './shared.ts';
import { turns } from './turns.ts';

export { linesOf };
export type { Files };

/** Two submissions of one exercise that a person should look at, because they share more than chance explains. */
export type SimilarPair = {
  left: string;
  right: string;
  /** How many others have the program of the left one, and of the right one, as far as programs are compared. */
  alsoLeft: number;
  alsoRight: number;
  /** The share of both programs that is in the other one as well, 0 to 1; what most have is left out of both. */
  similarity: number;
  /** How many different fingerprints they share. */
  shared: number;
  /** The regions, in the lines of `linesOf`, from the largest to the smallest. */
  matches: Match[];
};

/** Submissions of one structure: only what is not compared, names and layout for example, is different in them. */
export type SameProgram = {
  /** Two or more, sorted. */
  students: string[];
  /** How many different texts there are among them; 1: all handed in the same bytes. */
  texts: number;
};

export type Similarities = {
  /** From the largest on. Two whose texts are different are a pair instead. */
  groups: SameProgram[];
  /** Those most alike first. Of programs that many handed in, the first of their names stands for all. */
  pairs: SimilarPair[];
  /** How many submissions were compared. */
  compared: number;
  /** Submissions in which too little was left to compare after what everybody has. */
  tooSmall: string[];
  /** How many pairs are above the threshold; `pairs` holds the first of them. */
  found: number;
};

/** What is compared. It is read when it is needed, and not kept: a class takes the memory of its fingerprints. */
export type Submissions = {
  names: readonly string[];
  /** Null: it cannot be read, and is not compared. */
  read: (name: string) => Files | null;
};

/**
 * Pairs from here on are shown. It lies between what was measured on this workbook's own programs: of the solution and the
 * variants of 11 exercises, written by different hands, no two of an exercise share more than 0.21; each of these 55
 * programs and its own copy, with other names, other layout, no types and its parts in another order, share 0.55 or more.
 * `similar.test.ts` holds a part of it.
 */
export const THRESHOLD = 0.4;

/** Programs with fewer fingerprints of their own say nothing: two honest ones of this size may well be the same. */
const FEWEST = 12;

/** What stands so often in one program is repetition, of generated data for example. */
const MOST_REPEATED = 12;

/** In a class of this size, what more than half of them have is taken for what everybody writes. */
const CLASS = 10;

/** One program and all who handed it in. `texts`: digest → the first with it; `prints`: hash → how often. */
type Entry = { owners: string[]; texts: Map<string, string>; prints: Map<number, number> };

/**
 * The pairs of an exercise that are worth a look. Never a verdict: short tasks have few ways to be solved, and a
 * common source is no crime. `stub`: what was given to all. `most`: pairs to return. All of it is text; nothing is run.
 * Programs of one structure are compared once, whoever handed them in. It lets the event loop turn.
 */
export async function similarPairs(
  submissions: Submissions,
  stub: Files | null,
  most = 200,
): Promise<Similarities> {
  const turn = turns();
  const { entries, compared } = await entriesOf(submissions, turn);
  const ignored = notEvidence(entries, stub, compared);
  for (const { prints } of entries) for (const hash of ignored) prints.delete(hash);
  const own = entries.map(({ prints }) => sum(prints.values()));
  const isLarge = (at: number): boolean => (own[at] ?? 0) >= FEWEST;
  const tooSmall = entries.flatMap(({ owners }, at) => (isLarge(at) ? [] : owners)).toSorted();

  const best = new BestPairs(most);
  const alike = entries.filter(({ texts }, at) => isLarge(at) && texts.size > 1);
  const prints = entries.map((entry, at): Prints => (isLarge(at) ? entry.prints : new Map()));
  await sharedPairs(prints, turn, (pair) => {
    const similarity = (pair.inLeft + pair.inRight) / ((own[pair.left] ?? 0) + (own[pair.right] ?? 0));
    if (similarity >= THRESHOLD) best.add({ ...pair, similarity });
  });
  const counts = (hash: number): boolean => !ignored.has(hash);
  const pairs: SimilarPair[] = [];
  for (const entry of alike.slice(0, most)) {
    const pair = withinOne(entry);
    pairs.push({ ...pair, matches: matchesBetween(pair, submissions, counts) });
    await turn();
  }
  for (const { left, right, similarity, shared } of best.sorted().slice(0, most - pairs.length)) {
    const pair = between(entries[left], entries[right]);
    pairs.push({ ...pair, similarity, shared, matches: matchesBetween(pair, submissions, counts) });
    await turn();
  }
  const groups = entries
    .filter(({ owners, texts }, at) => isLarge(at) && (owners.length > 2 || owners.length > texts.size))
    .map(({ owners, texts }): SameProgram => ({ students: owners, texts: texts.size }))
    .toSorted((one, other) => other.students.length - one.students.length);
  return { groups, pairs, compared, tooSmall, found: best.found + alike.length };
}

/** One for each structure, in the order of the first of their names. */
async function entriesOf(
  { names, read }: Submissions,
  turn: () => Promise<void>,
): Promise<{ entries: Entry[]; compared: number }> {
  const byBytes = new Map<string, Entry>();
  const byStructure = new Map<string, Entry>();
  let compared = 0;
  for (const name of names.toSorted()) {
    await turn();
    const files = read(name);
    if (files === null) continue;
    compared += 1;
    const digest = digestOf(files);
    let entry = byBytes.get(digest);
    if (entry === undefined) {
      const { structure, fingerprints } = programOf(files);
      entry = byStructure.get(structure) ?? { owners: [], texts: new Map(), prints: new Map() };
      if (entry.owners.length === 0) {
        for (const { hash } of fingerprints) entry.prints.set(hash, (entry.prints.get(hash) ?? 0) + 1);
      }
      byStructure.set(structure, entry);
      byBytes.set(digest, entry);
      entry.texts.set(digest, name);
    }
    entry.owners.push(name);
  }
  return { entries: [...byStructure.values()], compared };
}

/** What was given to all, what most of a class have, and what is repetition. */
function notEvidence(entries: readonly Entry[], stub: Files | null, compared: number): Set<number> {
  const limit = compared >= CLASS ? Math.floor(compared / 2) : Number.MAX_SAFE_INTEGER;
  const ignored = new Set(stub === null ? [] : programOf(stub).fingerprints.map(({ hash }) => hash));
  const owners = new Map<number, number>();
  for (const { owners: all, prints } of entries) {
    for (const [hash, times] of prints) {
      owners.set(hash, (owners.get(hash) ?? 0) + all.length);
      if (times > MOST_REPEATED) ignored.add(hash);
    }
  }
  for (const [hash, count] of owners) if (count > limit) ignored.add(hash);
  return ignored;
}

type Names = Pick<SimilarPair, 'left' | 'right'>;

/** The first two of one structure whose texts are different. */
function withinOne({ owners, texts, prints }: Entry): Omit<SimilarPair, 'matches'> {
  const [left = '', right = ''] = texts.values();
  return { left, right, alsoLeft: owners.length - 2, alsoRight: 0, similarity: 1, shared: prints.size };
}

function between(
  one: Entry | undefined,
  other: Entry | undefined,
): Names & Pick<SimilarPair, 'alsoLeft' | 'alsoRight'> {
  const [left = ''] = one?.owners ?? [];
  const [right = ''] = other?.owners ?? [];
  return {
    left,
    right,
    alsoLeft: (one?.owners.length ?? 1) - 1,
    alsoRight: (other?.owners.length ?? 1) - 1,
  };
}

function matchesBetween(
  { left, right }: Names,
  { read }: Submissions,
  counts: (hash: number) => boolean,
): Match[] {
  const [one, other] = [programOf(read(left) ?? new Map()), programOf(read(right) ?? new Map())];
  return matchesOf(one.fingerprints, other.fingerprints, counts);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
