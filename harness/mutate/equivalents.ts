import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { oneLine } from './mutant.ts';
import type { Mutant } from './mutant.ts';

const entryShape = z.strictObject({
  file: z.string(),
  /** The text of the line on which the mutant begins: line numbers move on. */
  line: z.string(),
  /** What kind of change; left out: any on that line. */
  mutator: z.string().optional(),
  /** The replaced text, where the line has several of one kind. */
  original: z.string().optional(),
  /** Left out: any. */
  replacement: z.string().optional(),
});

const shape = z.array(
  z.strictObject({
    /** Why no suite could tell these mutants from the solution, or must not. */
    why: z.string().min(20),
    mutants: z.array(entryShape).min(1),
  }),
);

/** An entry names one mutant or several by place and kind. */
export type Entry = z.infer<typeof entryShape>;

/** Mutants that keep the contract: they do the same, or what they change is free. */
export type Equivalents = z.infer<typeof shape>;

export type EquivalentsRead = { ok: true; equivalents: Equivalents } | { ok: false; problem: string };

/** Reads `solutions/<id>/mutants.yaml`; without the file there are none. */
export function readEquivalents(file: string): EquivalentsRead {
  if (!existsSync(file)) return { ok: true, equivalents: [] };
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return {
      ok: false,
      problem: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
  return { ok: true, equivalents: parsed.data };
}

/** Why each mutant that is listed keeps the contract, by its number; and what is wrong with the list. */
export function matchEquivalents(
  equivalents: Equivalents,
  mutants: readonly Mutant[],
): { whys: Map<number, string>; problems: string[]; matches: Map<Entry, Mutant[]> } {
  const whys = new Map<number, string>();
  const problems: string[] = [];
  const matches = new Map<Entry, Mutant[]>();
  for (const { why, mutants: entries } of equivalents) {
    for (const entry of entries) {
      const matched = mutants.filter((mutant) => isMatch(entry, mutant));
      if (matched.length === 0) problems.push(`no mutant is ${entryText(entry)}`);
      for (const { id } of matched) whys.set(id, why);
      matches.set(entry, matched);
    }
  }
  return { whys, problems, matches };
}

/** An entry in one line. */
export function entryText({ file, line, mutator, original, replacement }: Entry): string {
  const change = [
    ...(mutator === undefined ? [] : [mutator]),
    ...(original === undefined ? [] : [`of ${oneLine(original)}`]),
    ...(replacement === undefined ? [] : [`to ${oneLine(replacement)}`]),
  ];
  return [`${file}: ${line}`, ...change].join(' · ');
}

function isMatch(entry: Entry, mutant: Mutant): boolean {
  const same = (wanted: string | undefined, text: string): boolean =>
    wanted === undefined || oneLine(wanted) === oneLine(text);
  return (
    entry.file === mutant.file &&
    same(entry.line, mutant.lineText) &&
    same(entry.mutator, mutant.mutator) &&
    same(entry.original, mutant.original) &&
    same(entry.replacement, mutant.replacement)
  );
}
