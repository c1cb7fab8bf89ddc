import type { Fingerprint } from './program.ts';

/** Lines that match each other, counted from 0; the last one is included. */
export type Match = { left: Lines; right: Lines };
export type Lines = { from: number; to: number };

/** More regions than these are not shown: the largest come first. */
const MOST = 26;

type Step = { left: number; right: number; lines: Match };

/**
 * The regions that two programs share: fingerprints that follow each other on both sides are one region. A line belongs to
 * one region only, the largest. `counts`: whether a hash is evidence at all.
 */
export function matchesOf(
  left: readonly Fingerprint[],
  right: readonly Fingerprint[],
  counts: (hash: number) => boolean,
): Match[] {
  const steps = stepsOf(left, right, counts);
  const runs = runsOf(steps).toSorted((one, other) => size(other) - size(one));
  const taken = { left: new Set<number>(), right: new Set<number>() };
  const matches: Match[] = [];
  for (const run of runs) {
    const match = { left: free(run.left, taken.left), right: free(run.right, taken.right) };
    if (match.left === null || match.right === null) continue;
    for (let line = match.left.from; line <= match.left.to; line++) taken.left.add(line);
    for (let line = match.right.from; line <= match.right.to; line++) taken.right.add(line);
    matches.push({ left: match.left, right: match.right });
    if (matches.length === MOST) break;
  }
  return matches;
}

/** Each pair of places with one fingerprint, by their order on both sides. */
function stepsOf(
  left: readonly Fingerprint[],
  right: readonly Fingerprint[],
  counts: (hash: number) => boolean,
): Map<string, Step> {
  const places = new Map<number, number[]>();
  for (const [at, { hash }] of right.entries()) places.set(hash, [...(places.get(hash) ?? []), at]);
  const steps = new Map<string, Step>();
  for (const [one, { hash, from, to }] of left.entries()) {
    if (!counts(hash)) continue;
    for (const other of places.get(hash) ?? []) {
      const there = right[other];
      if (there === undefined) continue;
      const lines = { left: { from, to }, right: { from: there.from, to: there.to } };
      steps.set(`${one} ${other}`, { left: one, right: other, lines });
    }
  }
  return steps;
}

function runsOf(steps: ReadonlyMap<string, Step>): Match[] {
  const runs: Match[] = [];
  for (const step of steps.values()) {
    if (steps.has(`${step.left - 1} ${step.right - 1}`)) continue;
    const run = { left: { ...step.lines.left }, right: { ...step.lines.right } };
    for (let ahead = 1; ; ahead++) {
      const next = steps.get(`${step.left + ahead} ${step.right + ahead}`);
      if (next === undefined) break;
      for (const side of ['left', 'right'] as const) {
        run[side].from = Math.min(run[side].from, next.lines[side].from);
        run[side].to = Math.max(run[side].to, next.lines[side].to);
      }
    }
    runs.push(run);
  }
  return runs;
}

function size({ left, right }: Match): number {
  return left.to - left.from + right.to - right.from;
}

/** The part of the lines that no larger region has; null: nothing is left. */
function free({ from, to }: Lines, taken: ReadonlySet<number>): Lines | null {
  let [first, last] = [from, to];
  while (first <= last && taken.has(first)) first++;
  while (last >= first && taken.has(last)) last--;
  for (let line = first; line <= last; line++) if (taken.has(line)) return null;
  return first > last ? null : { from: first, to: last };
}
