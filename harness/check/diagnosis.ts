import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a failure with a known fingerprint means. `mistake`: the catalogued mistake; `often`: the line for the learner. */
export type Diagnosis = ReadonlyMap<string, { mistake: string; often: string }>;

const shape = z.record(
  z.string().regex(/^[0-9a-f]{16}$/),
  z.strictObject({ mistake: z.string(), often: z.string() }),
);

/** Where `verify` records the fingerprints of an exercise's mistakes. */
export function diagnosisFile(folder: string): string {
  return join(folder, 'hidden', 'diagnosis.json');
}

/**
 * The recorded fingerprints. A missing or damaged file means that nothing is known: a check is never stopped by it, and
 * `verify` writes it anew.
 */
export function readDiagnosis(folder: string): Diagnosis {
  try {
    const parsed = shape.safeParse(JSON.parse(readFileSync(diagnosisFile(folder), 'utf8')));
    return new Map(parsed.success ? Object.entries(parsed.data) : []);
  } catch {
    return new Map();
  }
}
