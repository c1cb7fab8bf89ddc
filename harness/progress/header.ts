import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Whether the file is no database at all. Asked before SQLite opens it, because SQLite deletes a journal or a log that
 * it finds beside such a file. A real journal is left to SQLite: rolling it back may make the file whole.
 */
export function hasForeignHeader(file: string): boolean {
  const header = readStart(file, DATABASE_MAGIC.length);
  if (header === null || header.length === 0 || header.equals(DATABASE_MAGIC)) return false;
  return readStart(`${file}-journal`, JOURNAL_MAGIC.length)?.equals(JOURNAL_MAGIC) !== true;
}

/** The first bytes of a file; null when it cannot be read. */
function readStart(file: string, length: number): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return null;
  }
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
  } catch {
    return null;
  } finally {
    // This drops the locks that SQLite holds on the file in this process (POSIX). Nothing holds any here: transactions
    // are synchronous, and this runs between them.
    closeSync(descriptor);
  }
}

/** The first bytes of every SQLite database and of every rollback journal (SQLite file format §1.3 and §3). */
const DATABASE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
