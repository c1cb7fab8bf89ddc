import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame } from '../verdict/verdict.ts';

const MOST = 5;
const PLACE = /^(.+):(\d{1,9}):(\d{1,9})\)?$/s;

/**
 * The lines of a stack trace that lie in the learner's own files; everything else is ours or Node's. A stack is text that
 * a program may have made up: a line that does not fit is passed over.
 */
export function learnerFrames(stack: string | null, folder: string): Frame[] {
  const url = `${pathToFileURL(folder).href}/`;
  const path = folder + sep;
  const frames: Frame[] = [];
  for (const line of stack?.split('\n') ?? []) {
    const frame = frameOf(line.trim(), url, decoded) ?? frameOf(line.trim(), path, (file) => file);
    if (frame !== null) frames.push(frame);
    if (frames.length === MOST) break;
  }
  return frames;
}

/** A line such as `at handler (/folder/src/server.ts:12:7)`. `base`: how the folder is written in it. */
function frameOf(line: string, base: string, read: (file: string) => string | null): Frame | null {
  const start = line.indexOf(base);
  const before = start < 0 ? '' : line.slice(0, start);
  if (!before.startsWith('at ') || !/^at (?:async )?$|\($/.test(before)) return null;
  const [, place = '', row, column] = PLACE.exec(line.slice(start + base.length)) ?? [];
  const file = read(place)?.replaceAll(sep, '/') ?? '';
  if (file === '' || file.split('/').includes('..')) return null;
  const name = before.endsWith('(') ? before.slice(3, -1).trim() : null;
  return { file, line: Number(row), column: Number(column), name };
}

/** Null for a URL that nobody can decode. */
function decoded(file: string): string | null {
  try {
    return decodeURIComponent(file);
  } catch {
    return null;
  }
}
