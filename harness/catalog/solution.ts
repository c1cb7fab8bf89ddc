import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readEditable } from './editable.ts';
import type { Exercise } from './exercise.ts';
import { plainText } from './plain-text.ts';
import type { CatalogProblem } from './problem.ts';
import { failureText, readTextFile, sizeText } from './regular-file.ts';
import { openSealed } from './sealed-file.ts';

/** A right program for an exercise, and what its author says about it. */
export type RightWay = {
  /** `solution`, or the name of a variant. */
  name: string;
  /** Relative to the workbook's root, with forward slashes. */
  folder: string;
  /** The heading of its README. */
  title: string;
  /** The first sentence below that heading. */
  summary: string;
  /** The whole README, in Markdown. */
  text: string;
  /** Relative path → text. */
  files: Map<string, string>;
  /** It is opened from a sealed file: `folder` names it, and nothing lies there. */
  sealed?: true;
};

export type Solution = { solution: RightWay; variants: RightWay[] };

const sealedWay = z.object({
  name: z.string(),
  folder: z.string(),
  title: z.string(),
  summary: z.string(),
  text: z.string(),
  files: z.record(z.string(), z.string()).transform((files) => new Map(Object.entries(files))),
  sealed: z.literal(true).default(true),
});

/** What is sealed in an edition: a whole solution. */
export const sealedSolution = z.object({ solution: sealedWay, variants: z.array(sealedWay) });

/** Where the solution of an exercise lies in an edition, in place of its files. */
export function sealedSolutionFile(id: string): string {
  return `solutions/${id}/solution.sealed`;
}

const README_BYTES = 256 * 1024;

/** Folders beside the solution's own files, whatever an exercise declares editable. */
const NOT_ITS_OWN = /^(stub|variants|mistakes)\//;

/** Reads the solution of an exercise with its walk-through, and the other right ways. In an edition it opens them in memory. */
export async function readSolution(
  root: string,
  exercise: Pick<Exercise, 'id' | 'editable'>,
): Promise<({ ok: true } & Solution) | { ok: false; problem: CatalogProblem }> {
  const sealed = openSealed(root, sealedSolutionFile(exercise.id));
  if (sealed?.ok === false) return sealed;
  if (sealed !== null) return { ok: true, ...sealedSolution.parse(JSON.parse(sealed.content)) };
  const base = `solutions/${exercise.id}`;
  const solution = await readWay(root, base, 'solution', exercise.editable);
  if (!solution.ok) return solution;
  const variants: RightWay[] = [];
  for (const name of variantNames(join(root, base, 'variants'))) {
    const variant = await readWay(root, `${base}/variants/${name}`, name, exercise.editable);
    // One that is damaged hides no other.
    if (variant.ok) variants.push(variant.way);
  }
  return { ok: true, solution: solution.way, variants };
}

async function readWay(
  root: string,
  folder: string,
  name: string,
  editable: readonly string[],
): Promise<{ ok: true; way: RightWay } | { ok: false; problem: CatalogProblem }> {
  const readme = readTextFile(join(root, folder, 'README.md'), README_BYTES);
  if (!readme.ok) {
    const expected = `a file of at most ${sizeText(README_BYTES)} that explains the solution`;
    const message = failureText(readme, README_BYTES);
    return { ok: false, problem: { file: `${folder}/README.md`, key: null, expected, message } };
  }
  const read = await readEditable(join(root, folder), editable);
  const files = read.ok ? [...read.files].filter(([path]) => !NOT_ITS_OWN.test(path)) : [];
  if (files.length === 0) {
    const message = read.ok ? 'There is no file of the exercise in it.' : read.problem.message;
    const expected = `the files ${editable.join(', ')}`;
    return { ok: false, problem: { file: `${folder}/src`, key: null, expected, message } };
  }
  const way = { name, folder, ...aboutIt(readme.text), text: readme.text, files: new Map(files) };
  return { ok: true, way };
}

function variantNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .toSorted();
  } catch {
    // An exercise without variants, or an edition that leaves them out.
    return [];
  }
}

function aboutIt(readme: string): { title: string; summary: string } {
  const [heading = '', ...paragraphs] = readme.trim().split(/\r?\n\s*\r?\n/);
  const first = plainText(paragraphs[0] ?? '', { ticks: true });
  return {
    title: plainText(heading.replace(/^#+\s*/, ''), { ticks: true }),
    summary: /^.*?[.!?](?= |$)/.exec(first)?.[0] ?? first,
  };
}
