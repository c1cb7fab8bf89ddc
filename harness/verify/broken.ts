import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { applyEdits } from '../catalog/edits.ts';

const shape = z.strictObject({
  /** The right program that is edited: `solution`, or `variants/<name>`. */
  of: z.string(),
  /** What is wrong with it, and why the diagnosis is what it is. */
  fault: z.string().min(20),
  /** Rules that all fail. */
  breaks: z.array(z.string()).min(1),
  /** Rules that may fail. */
  mayBreak: z.array(z.string()).default([]),
  /** The catalogued mistake that this is an instance of; `none`: no diagnosis would be true. */
  diagnosis: z.string(),
  edits: z.array(z.strictObject({ file: z.string(), find: z.string().min(1), replace: z.string() })).min(1),
});

/**
 * A right program of another design with one rule broken. It proves that "this often means …" is true of programs that
 * were not made from the solution, and silent where it would not be.
 */
export type Broken = {
  name: string;
  of: string;
  breaks: string[];
  mayBreak: string[];
  /** A catalogued mistake, or null. */
  cause: string | null;
  files: Map<string, string>;
};

export type BrokenRead = { ok: true; broken: Broken } | { ok: false; problem: string };

/** All broken programs of an exercise. `bases`: the right programs by name. `mistakes`: the names of the catalogue. */
export function readBroken(
  folder: string,
  bases: ReadonlyMap<string, ReadonlyMap<string, string>>,
  mistakes: ReadonlySet<string>,
): BrokenRead[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((file) => {
    const name = file.slice(0, -5);
    const failed = (problem: string): BrokenRead => ({ ok: false, problem: `broken/${file}: ${problem}` });
    let raw: unknown;
    try {
      raw = parse(readFileSync(join(folder, file), 'utf8'));
    } catch (error) {
      return failed(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    const parsed = shape.safeParse(raw);
    if (!parsed.success) return failed(z.prettifyError(parsed.error));
    const { of, breaks, mayBreak, diagnosis, edits } = parsed.data;
    const base = bases.get(of);
    if (base === undefined) return failed(`there is no ${of}`);
    if (diagnosis !== 'none' && !mistakes.has(diagnosis)) return failed(`no mistake is called ${diagnosis}`);
    const changed = applyEdits(base, edits);
    if (!changed.ok) return failed(changed.problem);
    const cause = diagnosis === 'none' ? null : diagnosis;
    return { ok: true, broken: { name, of, breaks, mayBreak, cause, files: changed.files } };
  });
}
