import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The exercises that examples of all helps name: the first two of the workbook. */
const NAMED = ['01-http-server', '02-sql'];

/** Changes examples so that they name exercises of the workbook in `root`: an edition for a class may not have the first two. */
export function examplesOf(root: string): (text: string) => string {
  const missing = NAMED.filter((id) => !existsSync(join(root, 'exercises', id)));
  if (missing.length === 0) return (text) => text;
  const others = idsBelow(join(root, 'exercises')).filter((id) => !NAMED.includes(id));
  return (text) =>
    missing.reduce(
      (changed, id) => changed.replaceAll(id, others[missing.indexOf(id)] ?? others[0] ?? id),
      text,
    );
}

function idsBelow(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d\d-/.test(name))
      .toSorted();
  } catch {
    return [];
  }
}
