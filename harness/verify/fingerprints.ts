import { readFileSync, writeFileSync } from 'node:fs';
import { diagnose, diagnosisFile } from '../check/diagnosis.ts';
import type { Meaning } from '../check/diagnosis.ts';

/** What one run of a wrong program left. */
export type Seen = {
  /** The program, for whoever reads the report. */
  name: string;
  /** The catalogued mistake that it has in it; null: another one, which no diagnosis may name. */
  cause: string | null;
  /** Of each failed rule. */
  fingerprints: ReadonlyMap<string, string>;
  /** The rules that it keeps. */
  passed: ReadonlySet<string>;
};

/** A mistake of the catalogue, and its runs. */
export type Catalogued = { mistake: string; often: string; breaks: string[]; runs: readonly Seen[] };

/**
 * The fingerprints by which one mistake alone is known. Left out: those that differ from run to run, those that two
 * mistakes share, and those by which a program with another fault would be told of this one. A diagnosis is shown when
 * it is sure, or not at all.
 */
export function distinct(catalogue: readonly Catalogued[], broken: readonly Seen[]): Record<string, Meaning> {
  const owners = new Map<string, Set<string>>();
  for (const { mistake, runs } of catalogue) {
    for (const print of runs.flatMap((run) => [...run.fingerprints.values()]))
      owners.set(print, (owners.get(print) ?? new Set()).add(mistake));
  }
  const found = new Map<string, Meaning>();
  for (const { runs, ...meaning } of catalogue) {
    for (const [rule, print] of runs[0]?.fingerprints ?? []) {
      const stable = runs.every((run) => run.fingerprints.get(rule) === print);
      if (stable && owners.get(print)?.size === 1) found.set(print, meaning);
    }
  }
  const misleading = broken.flatMap((seen) => wronglyNamed(found, seen).map(([print]) => print));
  for (const print of misleading) found.delete(print);
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fingerprints of a run by which a mistake is named that it has not in it, with that mistake. */
export function wronglyNamed(found: ReadonlyMap<string, Meaning>, seen: Seen): [string, string][] {
  return [...seen.fingerprints.values()].flatMap((print): [string, string][] => {
    const meaning = diagnose(found, print, seen.passed);
    return meaning === null || meaning.mistake === seen.cause ? [] : [[print, meaning.mistake]];
  });
}

/** Whether somebody who runs this program is told what is wrong with it. */
export function isNamed(found: ReadonlyMap<string, Meaning>, seen: Seen): boolean {
  return [...seen.fingerprints.values()].some((print) => diagnose(found, print, seen.passed) !== null);
}

/** Writes the fingerprints where `check` reads them. Returns whether they had changed. */
export function recordDiagnosis(folder: string, found: Record<string, Meaning>, write: boolean): boolean {
  const text = `${JSON.stringify(found, null, 2)}\n`;
  let before = '';
  try {
    before = readFileSync(diagnosisFile(folder), 'utf8');
  } catch {
    // It is written for the first time.
  }
  if (before === text) return false;
  if (write) writeFileSync(diagnosisFile(folder), text);
  return true;
}
