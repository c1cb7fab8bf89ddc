import { relative } from 'node:path';

/** As short as it can be written from where the person stands. */
export function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
