import { read } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Headers } from 'tar-stream';
import { BadArchive, blamed } from './bad-archive.ts';
import { ENTRY_LIMITS, TOO_MANY_ENTRIES } from './entries.ts';
import type { Entries, Entry, EntryKind, EntryRead } from './entries.ts';

export type TarLimits = {
  /** Bytes that a .tgz may unpack to. */
  unpacked: number;
  /** Beyond the first 16 MiB it may unpack to so many times its own size. Text is packed to a fifth, zeros to a thousandth. */
  ratio: number;
  /** Bytes of headers between two entries. The reader holds them in memory. */
  headers: number;
  /** Milliseconds for one walk through the archive. */
  within: number;
};

export const TAR_LIMITS: TarLimits = {
  unpacked: 1024 * 1024 * 1024,
  ratio: 100,
  headers: 1024 * 1024,
  within: 60_000,
};

const RATIO_FROM = 16 * 1024 * 1024;

/**
 * The entries of a .tar or .tgz. A tar has no list of contents: it is walked through once to learn the names, and once more
 * for the files that are wanted. Throws BadArchive.
 */
export async function openTar(
  descriptor: number,
  isPacked: boolean,
  limits: TarLimits = TAR_LIMITS,
): Promise<Entries> {
  const list: Entry[] = [];
  await walk(descriptor, isPacked, limits, (header) => {
    list.push({ path: header.name.slice(0, ENTRY_LIMITS.path + 1), kind: kindOf(header) });
    if (list.length > ENTRY_LIMITS.entries) throw new BadArchive(TOO_MANY_ENTRIES);
    return null;
  });
  return {
    list,
    read: async (places, most) => {
      const wanted = new Set(places);
      const contents = new Map<number, EntryRead>();
      let place = -1;
      await walk(descriptor, isPacked, limits, () => {
        const here = ++place;
        if (!wanted.has(here)) return null;
        return { most, done: (content) => void contents.set(here, content) };
      });
      return contents;
    },
  };
}

type Keep = { most: number; done: (content: EntryRead) => void };

/** Tells `visit` of each entry, and keeps the contents of those for which it says so. */
async function walk(
  descriptor: number,
  isPacked: boolean,
  limits: TarLimits,
  visit: (header: Headers) => Keep | null,
): Promise<void> {
  const tar = extract({ allowUnknownFormat: true });
  let silent = 0;
  tar.on('entry', (header: Headers, stream: Readable, next: (error?: unknown) => void) => {
    silent = 0;
    let keep: Keep | null;
    try {
      keep = visit(header);
    } catch (error) {
      next(error);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      silent = 0;
      size += chunk.length;
      if (keep !== null && size <= keep.most) chunks.push(chunk);
    });
    // How an entry ended badly is told by the archive as a whole.
    stream.on('error', () => {});
    stream.on('end', () => {
      if (keep !== null) {
        keep.done(
          size > keep.most
            ? { ok: false, why: 'too-large' }
            : { ok: true, bytes: Buffer.concat(chunks, size) },
        );
      }
      next();
    });
  });
  let packed = 0;
  const source = Readable.from(
    bytesOf(descriptor, (count) => (packed += count)),
    { objectMode: false },
  );
  let unpacked = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length;
      silent += chunk.length;
      const most = Math.max(RATIO_FROM, packed * limits.ratio);
      if (unpacked > limits.unpacked || (isPacked && unpacked > most)) done(new BadArchive(BOMB));
      else if (silent > limits.headers) done(new BadArchive(LONG_HEADER));
      else done(null, chunk);
    },
  });
  const late = AbortSignal.timeout(limits.within);
  const parts = isPacked ? [source, createGunzip(), guard, tar] : [source, guard, tar];
  await blamed(
    pipeline(parts, { signal: late }).catch((error: unknown) => {
      throw late.aborted ? new BadArchive(LATE) : error;
    }),
  );
}

/** All of an open file, from its start. A stream of `node:fs` would close the file when the walk ends early. */
async function* bytesOf(descriptor: number, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await promisify(read)(descriptor, Buffer.alloc(CHUNK), 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    count(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}

const CHUNK = 64 * 1024;

function kindOf({ type }: Headers): EntryKind {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return 'file';
    case 'directory':
      return 'folder';
    case 'symlink':
      return 'link';
    case 'link':
      return 'hard-link';
    default:
      return 'special';
  }
}

const BOMB = 'It unpacks to far more than a workbook holds. Leave node_modules out, and pack it anew.';
const LONG_HEADER = 'The archive is damaged (a header that is longer than a name can be). Pack it anew.';
const LATE = 'It could not be unpacked in time. Leave node_modules out, and pack it anew.';
