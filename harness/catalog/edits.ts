/** One change of a text: what is found is replaced. */
export type Edit = { file: string; find: string; replace: string };

export type Edited = { ok: true; files: Map<string, string> } | { ok: false; problem: string };

/** Search and replace. What is searched must stand exactly once, or an edit could miss or hit twice unseen. */
export function applyEdits(original: ReadonlyMap<string, string>, edits: readonly Edit[]): Edited {
  const files = new Map(original);
  for (const { file, find, replace } of edits) {
    const text = files.get(file);
    if (text === undefined) return { ok: false, problem: `there is no file ${file} to edit` };
    const count = text.split(find).length - 1;
    if (count !== 1)
      return {
        ok: false,
        problem: `in ${file} the text to find stands ${count} times: ${find.slice(0, 60)}`,
      };
    files.set(
      file,
      text.replace(find, () => replace),
    );
  }
  return { ok: true, files };
}
