import { basename } from 'node:path/posix';
import type { Part, PartKind } from '../catalog/exercise.ts';
import type { SourceFiles } from '../compile/compile.ts';
import { dockerfileMutants, lineMutants, yamlMutants } from './config-mutants.ts';
import { instrument } from './instrument.ts';
import { fileMutants } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { sqlEdits } from './sql-edits.ts';

/** `texts`: for each part of code the text that holds all mutants of code, none of them active. */
export type Mutants = { mutants: Mutant[]; texts: ReadonlyMap<string, string> };

/** The kinds of parts whose programs can be changed here. */
const KNOWN: readonly PartKind[] = ['http', 'module', 'program', 'sql', 'files'];

/** The first part that nothing is known about, or null. */
export function unknownPart(parts: readonly Part[]): Part | null {
  return parts.find(({ kind }) => !KNOWN.includes(kind)) ?? null;
}

/** All small changes to a right program, in the order of files and places. */
export async function mutantsOf(files: SourceFiles, parts: readonly Part[]): Promise<Mutants> {
  const { mutants: code, texts } = await instrument(files, parts);
  const others = [...files].flatMap(([file, text]) => fileMutantsOf(file, text));
  const order = [...files.keys()];
  const mutants = [...code, ...others].toSorted(
    (a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line,
  );
  return { mutants: mutants.map((mutant, id) => ({ id, ...mutant })), texts };
}

function fileMutantsOf(file: string, text: string): Omit<Mutant, 'id'>[] {
  const name = basename(file);
  if (file.endsWith('.sql')) return fileMutants(file, text, sqlEdits(text));
  if (/\.ya?ml$/.test(file)) return yamlMutants(file, text);
  if (name === 'Dockerfile') return dockerfileMutants(file, text);
  return name === '.dockerignore' || name === 'env.example' ? lineMutants(file, text) : [];
}
