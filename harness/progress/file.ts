import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setAside } from './aside.ts';
import { FORMAT_VERSION, migrate, missingParts, readFormat } from './format.ts';
import { hasForeignHeader } from './header.ts';
import { RenameLock } from './rename-lock.ts';
import { explainProblem, fileProblem } from './sqlite.ts';
import type { Database, Sqlite } from './sqlite.ts';

/*
 * Why a rollback journal (SQLite's default; nothing here switches it) and not a write-ahead log:
 * - A transaction is in the file itself when COMMIT returns. Copying or setting aside that one file loses nothing; with
 *   a log, what was recorded last may be in a second file.
 * - It needs file locks only. A log also needs memory shared by all processes, which network home folders do not give.
 * - SQLite notices a file that was renamed under it before it writes (SQLITE_READONLY_DBMOVED); with a log it does not.
 * What a log is good at, readers that do not wait for writers, does not matter at a few short writes a minute.
 *
 * `synchronous = EXTRA`: a commit is on the disk, with the journal's removal, before the call returns. It survives
 * kill -9 of the process, and a power cut where the disk writes what it says it wrote.
 */

export type FileOptions = {
  /** How long to wait for other processes, in milliseconds. */
  busyTimeoutMs: number;
  /** Milliseconds since 1970, for the name of a file that is set aside. */
  now: () => number;
  /** Look closer than usual: reading or writing this file has failed before. */
  suspect: boolean;
};

export type OpenedFile = {
  ok: true;
  db: Database;
  /** Names the file itself, whatever its path is now; see `fileIdentity`. */
  identity: string;
  /** Held shared for every use of `db`. */
  lock: RenameLock;
  /** Sentences for the learner. */
  notes: string[];
};

export type OpenResult = OpenedFile | { ok: false; reason: 'unwritable' | 'newer'; message: string };

/** What is at the path. `empty`: a file without content; `damaged` also covers a database that is not ours. */
type Found = Settled | { kind: 'older' | 'missing' | 'empty' } | { kind: 'damaged'; why: string };

/** What needs nothing done to it. */
type Settled = { kind: 'ready'; db: Database; identity: string } | { kind: 'newer' };

/** Opens the progress file for reading and writing; begins one where there is none; sets a damaged one aside. */
export function openFile(Sqlite: Sqlite, file: string, options: FileOptions): OpenResult {
  try {
    if (!existsSync(path.dirname(file))) mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return unwritable(
      `The folder ${path.dirname(file)} could not be created, so progress is not kept. Create it, or give your user write permission to the folder above it. (${said})`,
    );
  }
  const lock = new RenameLock(Sqlite, file, options.busyTimeoutMs);
  let result: OpenResult | null = null;
  let damage = '';
  try {
    let found = lock.shared(() => look(Sqlite, file, options));
    if (found.kind === 'damaged') damage = ` It is damaged (${found.why}), and has to be renamed first.`;
    const notes: string[] = [];
    if (found.kind !== 'ready' && found.kind !== 'newer') {
      found = lock.alone(() => begin(Sqlite, file, options, notes));
    }
    result =
      found.kind === 'ready'
        ? { ok: true, db: found.db, identity: found.identity, lock, notes }
        : newer(file);
    return result;
  } catch (error) {
    const problem = fileProblem(error) ?? (isSystemError(error) ? 'input-output' : null);
    if (problem === null) throw error;
    return unwritable(
      `The progress file ${file} could not be opened for writing, so progress is not kept.${damage} ${explainProblem(problem, error)}`,
    );
  } finally {
    if (result?.ok !== true) lock.close();
  }
}

/** Names the file at a path by device and inode; null when there is none to be seen. Two files never share a name. */
export function fileIdentity(file: string): string | null {
  try {
    const stat = statSync(file, { bigint: true });
    return `${stat.dev}:${stat.ino}`;
  } catch {
    // Absent, or in a folder that may not be searched: opening it then says which.
    return null;
  }
}

/** With the lock held alone: looks again, since another process may have been faster, and does what is needed. */
function begin(Sqlite: Sqlite, file: string, options: FileOptions, notes: string[]): Settled {
  const found = look(Sqlite, file, options);
  if (found.kind === 'ready' || found.kind === 'newer') return found;
  if (found.kind === 'damaged') {
    const aside = setAside(file, options.now());
    notes.push(
      `The progress file ${file} was damaged (${found.why}). It is kept as ${path.basename(aside)}, and a new one was begun. ${REBUILD}`,
    );
  }
  if (found.kind === 'empty') {
    notes.push(`The progress file ${file} was empty, and was begun anew. ${REBUILD}`);
  }
  const db = connect(Sqlite, file, options, false);
  try {
    migrate(db);
    return { kind: 'ready', db, identity: fileIdentity(file) ?? '' };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Looks at what is there and changes nothing. Call it with the lock held. */
function look(Sqlite: Sqlite, file: string, options: FileOptions): Found {
  const identity = fileIdentity(file);
  if (identity === null) return { kind: 'missing' };
  if (hasForeignHeader(file)) return { kind: 'damaged', why: 'it is not a database' };
  let found: Found | null = null;
  let db: Database | null = null;
  try {
    db = connect(Sqlite, file, options, true);
    found = examine(Sqlite, db, options.suspect) ?? { kind: 'ready', db, identity };
    return found;
  } catch (error) {
    if (fileProblem(error) !== 'damaged') throw error;
    return { kind: 'damaged', why: error instanceof Error ? error.message : String(error) };
  } finally {
    if (found?.kind !== 'ready') db?.close();
  }
}

/** Null when the file is whole and of the current format. */
function examine(Sqlite: Sqlite, db: Database, suspect: boolean): Found | null {
  const format = readFormat(db);
  if (format === 'foreign') return { kind: 'damaged', why: 'it holds something other than progress' };
  if (format === 'empty' || format === 'newer') return { kind: format };
  const check = suspect ? 'integrity_check(1)' : 'quick_check(1)';
  const said = String(db.pragma(check, { simple: true }));
  if (said !== 'ok') return { kind: 'damaged', why: said.replaceAll('\n', ' ') };
  const missing = missingParts(Sqlite, db);
  if (missing.length > 0) return { kind: 'damaged', why: `it lacks ${missing.join(', ')}` };
  return format === 'older' ? { kind: 'older' } : null;
}

function connect(Sqlite: Sqlite, file: string, options: FileOptions, fileMustExist: boolean): Database {
  const db = new Sqlite(file, { fileMustExist, timeout: options.busyTimeoutMs });
  try {
    db.pragma('synchronous = EXTRA');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function newer(file: string): OpenResult {
  return {
    ok: false,
    reason: 'newer',
    message: `The progress file ${file} was written by a newer version of the workbook (this one knows format ${FORMAT_VERSION}). It was left as it is, and progress is not kept. Update the workbook, or move that file to another place and run "npm run check -- --all".`,
  };
}

function unwritable(message: string): OpenResult {
  return { ok: false, reason: 'unwritable', message };
}

const REBUILD = 'To rebuild your progress from your own files, run "npm run check -- --all".';
