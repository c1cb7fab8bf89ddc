import type { FileEntry } from '@dodona/dolos-core';

/** Lines that match each other, counted from 0; the last one is included. */
export type Match = { left: Lines; right: Lines };
export type Lines = { from: number; to: number };

/** More regions than these are not shown: the largest come first. */
const MOST = 26;

type Step = { left: number; right: number; lines: Match };

/**
 * The regions that two programs share: fingerprints that follow each other on both sides are one region. A line belongs to
 * one region only, the largest.
 */
export function matchesOf(left: FileEntry, right: FileEntry): Match[] {
  const runs = runsOf(stepsOf(left, right)).toSorted((one, other) => size(other) - size(one));
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
function stepsOf(left: FileEntry, right: FileEntry): Map<string, Step> {
  const steps = new Map<string, Step>();
  for (const shared of left.shared) {
    if (!right.shared.has(shared)) continue;
    for (const { side: one } of shared.occurrencesOf(left.file)) {
      for (const { side: other } of shared.occurrencesOf(right.file)) {
        const lines = {
          left: { from: one.location.startRow, to: one.location.endRow },
          right: { from: other.location.startRow, to: other.location.endRow },
        };
        steps.set(`${one.index} ${other.index}`, { left: one.index, right: other.index, lines });
      }
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
