import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fromFdPromise, getFileNameLowLevel } from 'yauzl';
import type { Entry as ZipEntry, ZipFile } from 'yauzl';
import { BadArchive, blamed } from './bad-archive.ts';
import { ENTRY_LIMITS, TOO_MANY_ENTRIES } from './entries.ts';
import type { Entries, EntryKind, EntryRead } from './entries.ts';

/** The system that made an entry, in the upper byte of `versionMadeBy`: Unix, whose modes the attributes then hold. */
const UNIX = 3;

/** Of the general purpose bit flag: the contents are encrypted. */
const ENCRYPTED = 1;

/**
 * The entries of a .zip, by its own list of contents. Nothing is unpacked until an entry is read, and then no more than is
 * asked for: what the list says about sizes is believed by nobody. Throws BadArchive.
 */
export async function openZip(descriptor: number): Promise<Entries> {
  const zip = await blamed(
    fromFdPromise(descriptor, {
      autoClose: false,
      lazyEntries: true,
      validateEntrySizes: true,
      // Bad names are refused one by one: they are no reason to refuse all others.
      decodeStrings: false,
    }),
  );
  // It may tell of an error that nobody waits for any more.
  zip.on('error', () => {});
  const found = await blamed(entriesOf(zip));
  return {
    list: found.map((entry) => ({ path: nameOf(entry), kind: kindOf(entry) })),
    read: async (places, most) => {
      const read = new Map<number, EntryRead>();
      for (const place of places) {
        const entry = found[place];
        if (entry !== undefined) read.set(place, await contentOf(zip, entry, most));
      }
      return read;
    },
  };
}

async function entriesOf(zip: ZipFile): Promise<ZipEntry[]> {
  const found: ZipEntry[] = [];
  if (zip.entryCount > ENTRY_LIMITS.entries) throw new BadArchive(TOO_MANY_ENTRIES);
  for await (const entry of zip.eachEntry()) {
    found.push(entry);
    if (found.length > ENTRY_LIMITS.entries) throw new BadArchive(TOO_MANY_ENTRIES);
  }
  return found;
}

/** `src\app.ts`, as some programs on Windows write it, means `src/app.ts`. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: ZipEntry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

function kindOf(entry: ZipEntry): EntryKind {
  const name = entry.fileNameRaw.toString('latin1');
  const mode = entry.versionMadeBy >>> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
  switch (mode & 0o170000) {
    case 0o120000:
      return 'link';
    case 0o040000:
      return 'folder';
    case 0:
    case 0o100000:
      break;
    default:
      return 'special';
  }
  if (/[\\/]$/.test(name)) return 'folder';
  return (entry.generalPurposeBitFlag & ENCRYPTED) === 0 ? 'file' : 'encrypted';
}

async function contentOf(zip: ZipFile, entry: ZipEntry, most: number): Promise<EntryRead> {
  let stream: Readable;
  try {
    stream = await zip.openReadStreamPromise(entry);
  } catch {
    return { ok: false, why: 'damaged' };
  }
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > most) return { ok: false, why: 'too-large' };
    }
    const bytes = Buffer.concat(chunks, size);
    return crc32(bytes) === entry.crc32 ? { ok: true, bytes } : { ok: false, why: 'damaged' };
  } catch {
    return { ok: false, why: 'damaged' };
  } finally {
    stream.destroy();
  }
}
