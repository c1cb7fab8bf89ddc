import { join } from 'node:path';
import type { CatalogProblem } from './problem.ts';
import { failureText, readTextFile, sizeText } from './regular-file.ts';

const HINTS_BYTES = 256 * 1024;

/** The hints of an exercise, as `parseHints` reads them from its hints.md. */
export function readHints({
  id,
  folder,
}: {
  id: string;
  folder: string;
}): { ok: true; hints: Map<string, string[]> } | { ok: false; problem: CatalogProblem } {
  const read = readTextFile(join(folder, 'hints.md'), HINTS_BYTES);
  if (read.ok) return { ok: true, hints: parseHints(read.text) };
  const expected = `a file of at most ${sizeText(HINTS_BYTES)} with the hints of its rules`;
  const message = failureText(read, HINTS_BYTES);
  return { ok: false, problem: { file: `exercises/${id}/hints.md`, key: null, expected, message } };
}

/**
 * The hints of an exercise by rule, from vague to clear. Format of hints.md: a heading `## R4` for each rule, below it a
 * numbered list; an indented line continues the hint above it.
 */
export function parseHints(text: string): Map<string, string[]> {
  const hints = new Map<string, string[]>();
  let levels: string[] | null = null;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^##\s+([RQ]\d+)\b/.exec(line)?.[1];
    const hint = /^\d+\.\s+(.*)$/.exec(line)?.[1];
    if (heading !== undefined) {
      levels = [];
      hints.set(heading, levels);
    } else if (levels !== null && hint !== undefined) levels.push(hint);
    else if (levels !== null && levels.length > 0 && /^\s+\S/.test(line))
      levels.push(`${levels.pop()}\n${line.trimEnd()}`);
  }
  return hints;
}
