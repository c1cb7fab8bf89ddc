import type { Exercise, Part } from '../catalog/exercise.ts';
import { compile } from '../compile/compile.ts';
import type { SourceFiles } from '../compile/compile.ts';

/** A right program that was judged, and the files that each of its rules asked for by name (parts of kind `sql`). */
export type Base = { files: SourceFiles; used: ReadonlyMap<string, ReadonlySet<string>> };

/**
 * The rules that may end otherwise for a program than for the one that it was made from by edits. Where the text that a
 * host is given is the same to the byte, or the files that a rule runs are, nothing is left that could make a difference:
 * the rule is judged once, on the base.
 */
export async function rulesTouched(exercise: Exercise, files: SourceFiles, base: Base): Promise<string[]> {
  const touched = new Set<string>();
  await Promise.all(
    exercise.parts.map(async (part) => {
      const changes = await changesOf(part, files, base, ownedElsewhere(exercise, part));
      for (const rule of exercise.rules)
        if (rule.part === part.name && changes(rule.id)) touched.add(rule.id);
    }),
  );
  return exercise.rules.map(({ id }) => id).filter((id) => touched.has(id));
}

/** Whether a file belongs to another part: its entry, and the scripts to a part of scripts. */
function ownedElsewhere(exercise: Exercise, part: Part): (name: string) => boolean {
  const others = exercise.parts.filter((other) => other !== part);
  return (name) =>
    others.some(({ kind, entry }) => entry === name || (kind === 'sql' && name.endsWith('.sql')));
}

async function changesOf(
  part: Part,
  files: SourceFiles,
  base: Base,
  isElsewhere: (name: string) => boolean,
): Promise<(rule: string) => boolean> {
  const always = (): boolean => true;
  switch (part.kind) {
    case 'sql':
      if (!files.has(part.entry)) return always;
      return (rule) => {
        const used = base.used.get(rule);
        return used === undefined || [...used].some((name) => files.get(name) !== base.files.get(name));
      };
    case 'http':
    case 'module': {
      if (textsDiffer(files, base.files, isElsewhere)) return always;
      const [mine, before] = await Promise.all([textOf(part, files), textOf(part, base.files)]);
      return mine !== null && mine === before ? () => false : always;
    }
    default:
      return always;
  }
}

/**
 * Whether a file differs that is compiled into nothing and belongs to no other part: a suite may read it, such as the
 * SQL of a migration.
 */
function textsDiffer(
  files: SourceFiles,
  before: SourceFiles,
  isElsewhere: (name: string) => boolean,
): boolean {
  return [...new Set([...files.keys(), ...before.keys()])].some(
    (name) => !/\.[cm]?[jt]sx?$/.test(name) && !isElsewhere(name) && files.get(name) !== before.get(name),
  );
}

/** What a host would be given, or null when there is nothing to give. */
async function textOf({ entry, packages, modules }: Part, files: SourceFiles): Promise<string | null> {
  const compiled = await compile({ files, entry, packages, modules, folder: '/' });
  return compiled.ok ? compiled.text : null;
}
