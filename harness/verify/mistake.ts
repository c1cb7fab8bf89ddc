import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEditable } from '../catalog/editable.ts';
import { applyEdits } from '../catalog/edits.ts';
import type { Edited } from '../catalog/edits.ts';

const shape = z.strictObject({
  /** What a person believed who wrote this. */
  belief: z.string().min(20),
  /** What the learner reads after "this often means". */
  often: z.string().min(10).max(160),
  /** Rules that all fail. */
  breaks: z.array(z.string()).min(1),
  /** Rules that may fail. */
  mayBreak: z.array(z.string()).default([]),
  edits: z
    .array(z.strictObject({ file: z.string(), find: z.string().min(1), replace: z.string() }))
    .optional(),
  /** The changed files lie in the folder of the mistake's name. */
  files: z.literal(true).optional(),
});

/** A catalogued wrong solution. `files`: the whole program. */
export type Mistake = {
  name: string;
  belief: string;
  often: string;
  breaks: string[];
  mayBreak: string[];
  files: Map<string, string>;
};

export type MistakeRead = { ok: true; mistake: Mistake } | { ok: false; name: string; problem: string };

/** All mistakes of an exercise, each read or with its problem. `solution`: the reference's files. */
export async function readMistakes(
  folder: string,
  solution: ReadonlyMap<string, string>,
  editable: readonly string[],
): Promise<MistakeRead[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return await Promise.all(
    names.toSorted().map((name) => readMistake(folder, name.slice(0, -5), solution, editable)),
  );
}

async function readMistake(
  folder: string,
  name: string,
  solution: ReadonlyMap<string, string>,
  editable: readonly string[],
): Promise<MistakeRead> {
  const failed = (problem: string): MistakeRead => ({ ok: false, name, problem });
  let raw: unknown;
  try {
    raw = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  } catch (error) {
    return failed(`${name}.yaml cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return failed(`${name}.yaml: ${z.prettifyError(parsed.error)}`);
  const { edits, files: hasFiles, ...words } = parsed.data;
  if ((edits === undefined) === (hasFiles === undefined))
    return failed(`${name}.yaml needs either edits or files: true`);
  const changed =
    edits === undefined ? await overlay(join(folder, name), solution, editable) : applyEdits(solution, edits);
  return changed.ok
    ? { ok: true, mistake: { name, ...words, files: changed.files } }
    : failed(`${name}: ${changed.problem}`);
}

async function overlay(
  folder: string,
  solution: ReadonlyMap<string, string>,
  editable: readonly string[],
): Promise<Edited> {
  const read = await readEditable(folder, editable);
  if (!read.ok) return { ok: false, problem: read.problem.message };
  if (read.files.size === 0) return { ok: false, problem: 'its folder has no files' };
  return { ok: true, files: new Map([...solution, ...read.files]) };
}
