import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scaffoldFiles } from './files.ts';
import { readWish } from './request.ts';
import type { Beginning, Wish } from './request.ts';

/** `refused`: the wish is wrong. `failed`: the disk did not do it. In both cases nothing is left behind. */
export type Scaffolded =
  | { kind: 'made'; beginning: Beginning; files: string[] }
  | { kind: 'refused'; why: string }
  | { kind: 'failed'; why: string };

/**
 * Writes a new exercise, all of it or nothing: first into folders beside the place, which no command looks at, then by
 * renaming. The folder below exercises/ comes last, because it makes an exercise of all the rest. Nothing here waits, so
 * Ctrl-C cannot come in between.
 */
export function scaffold(root: string, wish: Wish): Scaffolded {
  try {
    const read = readWish(root, wish);
    return read.ok ? write(root, read.beginning) : { kind: 'refused', why: read.why };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return {
      kind: 'failed',
      why: `The exercise could not be written, and nothing is left of it: ${told}\nCheck that you may write below ${root} and that there is space, then run it again.`,
    };
  }
}

/** Throws what the disk says, and takes back what was written. */
function write(root: string, beginning: Beginning): Scaffolded {
  const templates = join(root, 'harness', 'scaffold', 'templates');
  const rooms = ['solutions', 'exercises'].map((room) => ({
    room,
    made: join(root, room, `.new-${beginning.id}-${process.pid}`),
    place: join(root, room, beginning.id),
  }));
  const moved: string[] = [];
  try {
    const files = scaffoldFiles(templates, beginning);
    for (const { room, made } of rooms) {
      for (const [path, text] of files) {
        if (!path.startsWith(`${room}/`)) continue;
        const file = join(made, path.slice(room.length + 1 + beginning.id.length + 1));
        mkdirSync(dirname(file), { recursive: true });
        // An existing file means that another process is at it.
        writeFileSync(file, text, { flag: 'wx' });
      }
    }
    for (const { made, place } of rooms) {
      renameSync(made, place);
      moved.push(place);
    }
    return { kind: 'made', beginning, files: [...files.keys()] };
  } catch (error) {
    for (const folder of [...rooms.map(({ made }) => made), ...moved]) {
      rmSync(folder, { recursive: true, force: true });
    }
    throw error;
  }
}
