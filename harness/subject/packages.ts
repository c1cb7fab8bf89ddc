import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const known = new Map<string, readonly string[]>();

/**
 * The folders of packages and of all that they depend on, absolute: what a host may read, and no other package beside
 * them. `root`: the folder whose node_modules has them. A package that is not installed is left out.
 */
export function packageFolders(root: string, names: readonly string[]): readonly string[] {
  const key = [root, ...names].join('\n');
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = new Set<string>();
  const waiting = names.map((name) => ({ name, from: root }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = locate(next.name, next.from, root);
    if (folder === null || found.has(folder)) continue;
    found.add(folder);
    for (const name of dependencies(folder)) waiting.push({ name, from: folder });
  }
  // What lies inside a folder of the list comes with it.
  const folders = [...found].filter(
    (folder) => ![...found].some((other) => folder.startsWith(join(other, 'node_modules'))),
  );
  known.set(key, folders);
  return folders;
}

/** As Node.js looks for a package: in the node_modules beside it, then one folder up, as far as the root. */
function locate(name: string, from: string, root: string): string | null {
  for (let at = from; at.startsWith(root); at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (at === root) break;
  }
  return null;
}

function dependencies(folder: string): string[] {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { dependencies: needed = {}, optionalDependencies: wanted = {} } = JSON.parse(text) as {
    dependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  };
  return [...Object.keys(needed), ...Object.keys(wanted)];
}
