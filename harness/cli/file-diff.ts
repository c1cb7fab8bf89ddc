import { structuredPatch } from 'diff';

/**
 * How one file differs between two programs. `lines`: those of a unified diff without the names of the files; each
 * begins with `@`, a space, `-`, `+` or `\`. `same`: equal, apart from line ends. `far`: so different that comparing
 * line by line takes too long.
 */
export type FileDiff = { path: string; yours: boolean; theirs: boolean } & (
  { kind: 'same' } | { kind: 'far' } | { kind: 'differs'; lines: string[] }
);

type Files = ReadonlyMap<string, string>;

/** Every file of both, sorted by path; `budgetMs` is the most time for one of them. */
export function diffFiles(yours: Files, theirs: Files, budgetMs = 2_000): FileDiff[] {
  const paths = [...new Set([...yours.keys(), ...theirs.keys()])].toSorted();
  return paths.map((path) => {
    const [before, after] = [yours.get(path), theirs.get(path)];
    const sides = { path, yours: before !== undefined, theirs: after !== undefined };
    const patch = structuredPatch(path, path, before ?? '', after ?? '', undefined, undefined, {
      context: 3,
      stripTrailingCr: true,
      timeout: budgetMs,
    });
    if (patch === undefined) return { ...sides, kind: 'far' };
    if (patch.hunks.length === 0) return { ...sides, kind: 'same' };
    const lines = patch.hunks.flatMap((hunk) => [
      `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
      ...hunk.lines,
    ]);
    return { ...sides, kind: 'differs', lines };
  });
}

/** A side without lines stands behind the line before it, as in the diffs of git. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** The differing files as one unified diff; null when one of them was too far to compare. */
export function unifiedDiff(
  diffs: readonly FileDiff[],
  folders: { yours: string; theirs: string },
): string | null {
  if (diffs.some(({ kind }) => kind === 'far')) return null;
  return diffs
    .flatMap((diff) =>
      diff.kind === 'differs'
        ? [
            `--- ${diff.yours ? `${folders.yours}/${diff.path}` : '/dev/null'}`,
            `+++ ${diff.theirs ? `${folders.theirs}/${diff.path}` : '/dev/null'}`,
            ...diff.lines,
          ]
        : [],
    )
    .map((line) => `${line}\n`)
    .join('');
}
