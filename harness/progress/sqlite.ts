import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';

export type Database = BetterSqlite3.Database;

/** The constructor of better-sqlite3, loaded. */
export type Sqlite = typeof BetterSqlite3;

/**
 * Loads better-sqlite3 when it is first needed, so that a missing native part stops nothing but progress.
 * `from` is the file or file URL whose node_modules are searched.
 */
export function loadSqlite(from: string): { ok: true; Sqlite: Sqlite } | { ok: false; message: string } {
  const require = createRequire(from);
  let Sqlite: Sqlite;
  try {
    Sqlite = require('better-sqlite3') as Sqlite;
  } catch (error) {
    return { ok: false, message: `${NOT_INSTALLED}\n(${firstLine(error)})` };
  }
  try {
    // The package loads its native part with the first database, not when it is imported.
    new Sqlite(':memory:').close();
  } catch (error) {
    return { ok: false, message: `${NO_NATIVE_PART}\n(${firstLine(error)})` };
  }
  return { ok: true, Sqlite };
}

/**
 * What an error of SQLite means for the progress file; null: not an error of the file, so a bug of ours.
 * `moved`: the file was renamed or deleted while it was open.
 */
export type FileProblem = 'damaged' | 'moved' | 'busy' | 'read-only' | 'full' | 'input-output';

export function fileProblem(error: unknown): FileProblem | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_READONLY_DBMOVED') return 'moved';
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return 'damaged';
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return 'busy';
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) return 'read-only';
  if (code === 'SQLITE_FULL') return 'full';
  if (/^SQLITE_(IOERR|NOLFS)/.test(code)) return 'input-output';
  return null;
}

/** A sentence on why and a sentence on what to do next. `error` is what SQLite said. */
export function explainProblem(problem: FileProblem, error: unknown): string {
  return `${EXPLANATIONS[problem]} (${firstLine(error)})`;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

const EXPLANATIONS: Record<FileProblem, string> = {
  damaged: 'The file is damaged. Move it to another place, then run "npm run check -- --all".',
  moved: 'The file was moved or deleted while it was open. Run the command again.',
  busy: 'Another process keeps the file locked. Close other checks and database tools, then run the command again.',
  'read-only':
    'The file or its folder cannot be written. Give your user write permission to both, then run the command again.',
  full: 'The disk is full. Free some space, then run the command again.',
  'input-output':
    'The disk refused to read or write. Check its free space, your quota and its health, then run the command again.',
};

const NOT_INSTALLED = `Progress is not kept: the package better-sqlite3 is not installed.
Run "npm ci" in the workbook's folder, then run the command again.`;

const NO_NATIVE_PART = `Progress is not kept: the package better-sqlite3 is installed, but its native part is missing or does not fit this Node.js (${process.version}).
Its install script builds that part. npm 12 runs no install script unless it is allowed, and another version of Node.js needs another build.
Run "npm rebuild better-sqlite3", then run the command again.
When no ready-made build can be downloaded, npm compiles one. That needs Python 3 and a C++ compiler: build-essential on Debian and Ubuntu, "xcode-select --install" on macOS, Visual Studio Build Tools with C++ on Windows.`;
