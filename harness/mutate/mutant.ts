/** One small change to a right program. */
export type Mutant = {
  /** Its number within its exercise, from 0, in the order of files and places. */
  id: number;
  /** As in the exercise's folder, with forward slashes. */
  file: string;
  /** Where the change begins, from 1. */
  line: number;
  /** The text of that line, without the spaces around it: it names the place when line numbers have moved on. */
  lineText: string;
  /** What kind of change it is, for example `EqualityOperator`. */
  mutator: string;
  /** The text that is replaced. */
  original: string;
  replacement: string;
  how: MutantSwitch;
};

/**
 * How the program with this change comes about: all changes that Stryker's instrumenter knows are in one text, and a number
 * in the host says which of them is active; else the file has another text.
 */
export type MutantSwitch = { kind: 'active'; number: string } | { kind: 'file'; text: string };

/** A change to one file, before it has its number. */
export type Edit = { start: number; end: number; mutator: string; replacement: string };

/** The text with a change made. */
export function edited(text: string, { start, end, replacement }: Omit<Edit, 'mutator'>): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** Mutants of a file that is no code of Node.js. A change that changes nothing is left out. */
export function fileMutants(file: string, text: string, edits: readonly Edit[]): Omit<Mutant, 'id'>[] {
  return edits
    .filter(({ start, end, replacement }) => text.slice(start, end) !== replacement)
    .map((edit) => ({
      file,
      ...placeOf(text, edit.start),
      mutator: edit.mutator,
      original: text.slice(edit.start, edit.end),
      replacement: edit.replacement,
      how: { kind: 'file', text: edited(text, edit) },
    }));
}

/** The line of an offset, from 1, and its text. */
export function placeOf(text: string, offset: number): Pick<Mutant, 'line' | 'lineText'> {
  const line = text.slice(0, offset).split('\n').length;
  return { line, lineText: lineTextOf(text, line) };
}

/** The text of a line, counted from 1, without the spaces around it. */
export function lineTextOf(text: string, line: number): string {
  return (text.split('\n')[line - 1] ?? '').trim();
}

/** In one line, with one space for each gap: how texts of mutants are compared and shown. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
