import { distance } from 'fastest-levenshtein';

export type ResolvedId =
  | { kind: 'exact'; id: string }
  /** `nearest`: the id that is probably meant, or null. */
  | { kind: 'unknown'; typed: string; nearest: string | null };

/** Longer than any id with its path; what is longer is not compared. */
const LONGEST_TYPED = 300;

/**
 * What a person typed where an exercise is asked for. `exact` is an id of `ids`, in upper or lower case, also as a shell
 * completes it: `04-jwt/`, `exercises/04-jwt`. Everything else is `unknown`, with the nearest id as a suggestion only.
 */
export function resolveId(ids: readonly string[], typed: string): ResolvedId {
  const exact = ids.find((id) => id === withoutFolder(typed));
  if (exact !== undefined) return { kind: 'exact', id: exact };
  return { kind: 'unknown', typed, nearest: nearestId(ids, typed) };
}

/**
 * The id that `typed` probably means: by number (`4`, `01`), by name or a word of it (`jwt`, `1-http`), by a path into the
 * exercise, or with a few letters wrong. Null when nothing is near.
 */
export function nearestId(ids: readonly string[], typed: string): string | null {
  if (typed.length > LONGEST_TYPED) return null;
  const meant = withoutPath(typed);
  if (meant === '') return null;
  const [, digits = '', rest = ''] = /^(\d*)-*(.*?)-*$/.exec(meant) ?? [];
  const number = digits === '' ? null : Number(digits);
  const sameNumber = ids.filter((id) => Number(id.slice(0, 2)) === number);
  if (rest === '') return sameNumber[0] ?? null;

  // With a number and a name that disagree, the name is the better witness: numbers are easily off by one.
  const ranked = (near: (name: string) => boolean) =>
    sameNumber.find((id) => near(nameOf(id))) ?? ids.find((id) => near(nameOf(id))) ?? null;
  return (
    ids.find((id) => id === meant) ??
    ranked((name) => name === rest) ??
    ranked((name) => name.startsWith(`${rest}-`)) ??
    ranked((name) => `-${name}-`.includes(`-${rest}-`)) ??
    (rest.length >= 3 ? ranked((name) => name.startsWith(rest)) : null) ??
    misspelt(sameNumber, rest) ??
    misspelt(ids, rest)
  );
}

/** `04-jwt` → `jwt` */
function nameOf(id: string): string {
  return id.slice(3);
}

/** The id whose name, or a longer word of it, differs from `rest` in the fewest letters: at most one in three. */
function misspelt(ids: readonly string[], rest: string): string | null {
  const allowed = Math.floor(rest.length / 3);
  let best: { id: string; letters: number } | null = null;
  for (const id of ids) {
    const words = nameOf(id)
      .split('-')
      .filter((word) => word.length >= 4);
    const letters = Math.min(...[nameOf(id), ...words].map((name) => distance(name, rest)));
    if (letters <= allowed && (best === null || letters < best.letters)) best = { id, letters };
  }
  return best?.id ?? null;
}

/** Lower case, forward slashes, without a leading `./` and `exercises/` and without trailing slashes. */
function withoutFolder(typed: string): string {
  return typed
    .slice(0, LONGEST_TYPED)
    .trim()
    .toLowerCase()
    .replaceAll('\\', '/')
    .replace(/\/+$/, '')
    .replace(/^(\.\/+)?(exercises\/+)?/, '');
}

/** The segment that stands for the exercise: after `exercises/` in a longer path, else the first one. */
function withoutPath(typed: string): string {
  const segments = withoutFolder(typed)
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  const inside = segments.lastIndexOf('exercises');
  return (segments[inside + 1] ?? '').replace(/[\s_]+/g, '-');
}
