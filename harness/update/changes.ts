import { parseExerciseFile } from '../catalog/exercise-file.ts';
import { parseManifest } from '../catalog/manifest.ts';
import type { ManifestRule } from '../catalog/manifest.ts';
import type { Git } from './git.ts';
import type { Tree } from './tree.ts';

/** How one rule of a spec differs. */
export type RuleChange =
  | { kind: 'new' | 'removed'; id: string; title: string }
  | { kind: 'changed'; id: string; title: string; before: string }
  /** Its sentence is the same: it is core now, or extra, or has another source. */
  | { kind: 'moved'; id: string; title: string; what: string };

/** How one exercise differs. */
export type ExerciseChange = {
  id: string;
  title: string;
  kind: 'new' | 'removed' | 'changed';
  rules: RuleChange[];
  /** What else of it is another, in words: the suite, the stub, hints. */
  what: string[];
};

export type Changes = {
  exercises: ExerciseChange[];
  /** How many files of the harness are others. */
  harness: number;
  /** Files outside of exercises, solutions and harness. */
  others: string[];
  /** The dependencies are others. */
  lock: boolean;
};

/** All paths that differ. */
export function changedPaths(base: Tree, theirs: Tree): string[] {
  return [...new Set([...base.keys(), ...theirs.keys()])]
    .filter((path) => {
      const [a, b] = [base.get(path), theirs.get(path)];
      return a?.oid !== b?.oid || a?.mode !== b?.mode;
    })
    .toSorted();
}

/** The exercise that a path of exercises/ or solutions/ belongs to, or null. */
export function exerciseOf(path: string): string | null {
  return /^(?:exercises|solutions)\/(\d\d-[^/]+)\//.exec(path)?.[1] ?? null;
}

/** What is different in the newer workbook, by exercise and rule. */
export async function changesBetween(git: Git, base: Tree, theirs: Tree): Promise<Changes> {
  const paths = changedPaths(base, theirs);
  const ids = [...new Set(paths.flatMap((path) => exerciseOf(path) ?? []))];
  const texts = await specTexts(git, ids, [base, theirs]);
  const textOf = (tree: Tree, path: string): string => texts.get(tree.get(path)?.oid ?? '') ?? '';
  const exercises = ids.flatMap((id): ExerciseChange[] => {
    const file = `exercises/${id}/exercise.json`;
    const spec = `exercises/${id}/README.md`;
    const own = paths.filter((path) => exerciseOf(path) === id);
    const kind = !base.has(file) ? 'new' : theirs.has(file) ? 'changed' : 'removed';
    // Solutions without an exercise are nothing that a learner would meet.
    if (!base.has(file) && !theirs.has(file)) return [];
    const title = titleOf(textOf(kind === 'removed' ? base : theirs, file), id);
    if (kind !== 'changed') return [{ id, title, kind, rules: [], what: [] }];
    const rules = ruleChanges(rulesOf(textOf(base, spec)), rulesOf(textOf(theirs, spec)));
    const what = [...new Set(own.flatMap((path) => placeOf(path, id, rules.length > 0) ?? []))];
    return [{ id, title, kind, rules, what }];
  });
  return {
    exercises: exercises.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    harness: paths.filter((path) => /^(harness|scripts)\//.test(path)).length,
    others: paths.filter((path) => exerciseOf(path) === null && !/^(harness|scripts)\//.test(path)),
    lock: paths.includes('package-lock.json'),
  };
}

async function specTexts(
  git: Git,
  ids: readonly string[],
  trees: readonly Tree[],
): Promise<Map<string, string>> {
  const files = ids.flatMap((id) => [`exercises/${id}/exercise.json`, `exercises/${id}/README.md`]);
  const oids = trees.flatMap((tree) => files.flatMap((file) => tree.get(file)?.oid ?? []));
  return new Map([...(await git.blobs(oids))].map(([oid, content]) => [oid, content.toString('utf8')]));
}

function titleOf(text: string, id: string): string {
  const parsed = parseExerciseFile(text);
  return parsed.ok ? parsed.file.title : id;
}

/** A spec that cannot be read has no rules: then the change is told as one of the spec. */
function rulesOf(text: string): ManifestRule[] {
  const parsed = parseManifest(text);
  return parsed.ok ? parsed.rules : [];
}

/** How the rules of a spec differ, in the order of the newer one; those that are gone come last. */
export function ruleChanges(before: readonly ManifestRule[], after: readonly ManifestRule[]): RuleChange[] {
  const changes = after.flatMap((rule): RuleChange[] => {
    const { id, title, tier, citation } = rule;
    const old = before.find((each) => each.id === id);
    if (old === undefined) return [{ kind: 'new', id, title }];
    if (old.title !== title) return [{ kind: 'changed', id, title, before: old.title }];
    if (old.tier !== tier) return [{ kind: 'moved', id, title, what: `is ${tier} now` }];
    return old.citation === citation
      ? []
      : [{ kind: 'moved', id, title, what: `has another source: ${citation}` }];
  });
  const gone = before.filter((rule) => !after.some(({ id }) => id === rule.id));
  return [...changes, ...gone.map(({ id, title }): RuleChange => ({ kind: 'removed', id, title }))];
}

/** What a changed file is, in words; null: a learner does not meet it. */
function placeOf(path: string, id: string, hasRuleChanges: boolean): string | null {
  if (path.startsWith(`solutions/${id}/stub/`)) return 'stub';
  if (path.startsWith(`solutions/${id}/`)) return 'solution';
  const name = path.slice(`exercises/${id}/`.length);
  // Fingerprints of mistakes: they follow from the suite.
  if (name === 'hidden/diagnosis.json') return null;
  if (name.startsWith('hidden/')) return 'suite';
  switch (name) {
    case 'README.md':
      return hasRuleChanges ? null : 'spec';
    case 'hints.md':
      return 'hints';
    case 'quiz.json':
      return 'quiz';
    case 'exercise.json':
      return 'details';
    default:
      return 'stub';
  }
}
