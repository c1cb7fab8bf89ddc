import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { HttpError } from '../framework/http-error.ts';
import { Result } from '../framework/result.ts';
import type { Handler } from '../framework/router.ts';

/** Serves the files in `folder`. */
export function files(folder: string): Handler {
  return async ({ params }) => {
    const handle = await openFile(placeIn(folder, params.get('name') ?? ''));
    try {
      if (!(await handle.stat()).isFile()) throw missing();
      return Result.bytes(await handle.readFile());
    } finally {
      await handle.close();
    }
  };
}

/** Throws 403 for a name that means a place outside of the folder. */
function placeIn(folder: string, name: string): string {
  if (name.includes('\0')) throw new HttpError(400, 'No file has such a name.');
  const place = resolve(folder, name);
  const way = relative(folder, place);
  // On Windows the way to another drive is absolute.
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw new HttpError(403, 'This is no file of the folder.');
  }
  return place;
}

const NO_SUCH_FILE = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/** A link is not followed, and a pipe does not make us wait. Windows has neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function openFile(place: string): Promise<FileHandle> {
  try {
    return await open(place, FLAGS);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== undefined && NO_SUCH_FILE.has(code)) throw missing();
    throw error;
  }
}

function missing(): HttpError {
  return new HttpError(404, 'There is no such file.');
}
