import { join } from 'node:path';
import { z } from 'zod';
import { hiddenText } from '../catalog/hidden.ts';

/**
 * What a failure with a known fingerprint means. `mistake`: the catalogued mistake; `often`: the line for the learner;
 * `breaks`: the rules that nobody keeps who made it.
 */
export type Meaning = { mistake: string; often: string; breaks: string[] };

/** By fingerprint. */
export type Diagnosis = ReadonlyMap<string, Meaning>;

const shape = z.record(
  z.string().regex(/^[0-9a-f]{16}$/),
  z.strictObject({ mistake: z.string(), often: z.string(), breaks: z.array(z.string()) }),
);

const DIAGNOSIS = 'diagnosis.json';

/** Where `verify` records the fingerprints of an exercise's mistakes. */
export function diagnosisFile(folder: string): string {
  return join(folder, 'hidden', DIAGNOSIS);
}

/**
 * The recorded fingerprints. A missing or damaged file means that nothing is known: a check is never stopped by it, and
 * `verify` writes it anew.
 */
export function readDiagnosis(folder: string): Diagnosis {
  try {
    const parsed = shape.safeParse(JSON.parse(hiddenText(folder, DIAGNOSIS)));
    return new Map(parsed.success ? Object.entries(parsed.data) : []);
  } catch {
    return new Map();
  }
}

/**
 * What a failed rule means, or null when that is not sure. One answer can have several causes: a mistake that breaks more
 * rules is not the cause where one of those is kept.
 */
export function diagnose(
  diagnosis: Diagnosis,
  fingerprint: string | undefined,
  passed: ReadonlySet<string>,
): Meaning | null {
  const meaning = diagnosis.get(fingerprint ?? '');
  return meaning === undefined || meaning.breaks.some((rule) => passed.has(rule)) ? null : meaning;
}
