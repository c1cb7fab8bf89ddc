import { createHash } from 'node:crypto';
import { WinnowFilter } from '@dodona/dolos-core';
import { MOST_TOKENS, tokensOf } from './tokens.ts';

/** Relative path → text. */
export type Files = ReadonlyMap<string, string>;

/** Tokens in a fingerprint, and fingerprints of which one is kept (Schleimer, Wilkerson, Aiken: "Winnowing", SIGMOD 2003). */
const KGRAM = 14;
const WINDOW = 9;
const filter = new WinnowFilter(KGRAM, WINDOW, false);

/** A submission as it is compared. */
export type Program = {
  /** The same for programs with the same tokens in the same files. */
  structure: string;
  /** In order; one hash can stand at many places. */
  fingerprints: Fingerprint[];
};

/** Lines count from 0, in the lines of `linesOf`; the last one is included. */
export type Fingerprint = { hash: number; from: number; to: number };

export function programOf(files: Files): Program {
  const kinds: string[] = [];
  const places: { from: number; to: number }[] = [];
  let above = 0;
  for (const [path, text] of sorted(files)) {
    above += 1;
    if (kinds.length >= MOST_TOKENS) break;
    let last = above;
    for (const { kind, from, to } of tokensOf(path, text)) {
      kinds.push(kind);
      // The tree of a program with mistakes in it need not be in order.
      last = Math.max(last, above + from);
      places.push({ from: last, to: Math.max(last, above + to) });
    }
    // Nothing reaches over the end of a file: another order of files is no other program.
    kinds.push(`end ${path}`);
    places.push({ from: last, to: last });
    above += lineCount(text);
  }
  const fingerprints = filter.fingerprints(kinds).map(({ hash, start, stop }): Fingerprint => {
    const [first, last] = [places[start], places[stop]];
    return { hash, from: first?.from ?? 0, to: Math.max(first?.to ?? 0, last?.to ?? 0) };
  });
  return { structure: createHash('sha256').update(kinds.join('\n')).digest('base64'), fingerprints };
}

/** The same for the same files with the same bytes. */
export function digestOf(files: Files): string {
  const hash = createHash('sha256');
  for (const [path, text] of sorted(files)) hash.update(`${path.length} ${text.length} ${path}${text}`);
  return hash.digest('base64');
}

/** The lines of a submission as they are compared and shown: the files by name, a heading before each. */
export function linesOf(files: Files): { heading: boolean; text: string }[] {
  return sorted(files).flatMap(([path, text]) => [
    { heading: true, text: path },
    ...text.split(/\r?\n/).map((line) => ({ heading: false, text: line })),
  ]);
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function sorted(files: Files): [string, string][] {
  return [...files].toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}
