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
      const changes = await changesOf(part, files, base);
      for (const rule of exercise.rules)
        if (rule.part === part.name && changes(rule.id)) touched.add(rule.id);
    }),
  );
  return exercise.rules.map(({ id }) => id).filter((id) => touched.has(id));
}

async function changesOf(part: Part, files: SourceFiles, base: Base): Promise<(rule: string) => boolean> {
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
      const [mine, before] = await Promise.all([textOf(part, files), textOf(part, base.files)]);
      return mine !== null && mine === before ? () => false : always;
    }
    default:
      return always;
  }
}

/** What a host would be given, or null when there is nothing to give. */
async function textOf({ entry, packages, modules }: Part, files: SourceFiles): Promise<string | null> {
  const compiled = await compile({ files, entry, packages, modules, folder: '/' });
  return compiled.ok ? compiled.text : null;
}
