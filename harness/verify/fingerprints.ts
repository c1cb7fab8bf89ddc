import { readFileSync, writeFileSync } from 'node:fs';
import { diagnosisFile } from '../check/diagnosis.ts';

/** What one run of a mistake left: fingerprint of each failed rule. */
export type Seen = { mistake: string; often: string; fingerprints: ReadonlyMap<string, string> };

/**
 * The fingerprints by which one mistake alone is known. Left out: those that differ from run to run, and those that two
 * mistakes share; a diagnosis is shown when it is sure, or not at all.
 */
export function distinct(runs: readonly Seen[]): Record<string, { mistake: string; often: string }> {
  const runsOf = new Map<string, Seen[]>();
  for (const run of runs) runsOf.set(run.mistake, [...(runsOf.get(run.mistake) ?? []), run]);
  const owners = new Map<string, Set<string>>();
  for (const { mistake, fingerprints } of runs) {
    for (const print of fingerprints.values())
      owners.set(print, (owners.get(print) ?? new Set()).add(mistake));
  }
  const out: Record<string, { mistake: string; often: string }> = {};
  for (const [mistake, own] of runsOf) {
    const [first] = own;
    if (first === undefined) continue;
    for (const [rule, print] of first.fingerprints) {
      const stable = own.every((run) => run.fingerprints.get(rule) === print);
      if (stable && owners.get(print)?.size === 1) out[print] = { mistake, often: first.often };
    }
  }
  return Object.fromEntries(Object.entries(out).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes the fingerprints where `check` reads them. Returns whether they had changed. */
export function recordDiagnosis(folder: string, found: Record<string, unknown>, write: boolean): boolean {
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
