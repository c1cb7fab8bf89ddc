import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { digestFiles } from '../../catalog/editable.ts';
import type { SourceFiles } from '../../compile/compile.ts';
import { explainProblem, fileProblem, loadSqlite } from '../../progress/sqlite.ts';
import type { Database } from '../../progress/sqlite.ts';
import { parseVerdict } from '../../verdict/verdict.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { takenTarget } from './taken.ts';
import type { TakenTarget } from './taken.ts';
import { summary } from './work.ts';
import type { Summary, WorkParts } from './work.ts';

/** The version of the tables below. */
const FORMAT = 1;

/** Where a sweep keeps what it knows, below the folder of --out. Nobody else reads it. */
export const LEDGER_FOLDER = '.sweep';

/*
 * Why a write-ahead log here, where progress has a rollback journal: a sweep writes thousands of times, alone, and what a
 * power cut takes of the last writes is judged again. `synchronous = NORMAL` never damages the file, and a killed process
 * loses nothing of what it committed. `locking_mode = EXCLUSIVE` keeps the file locked from the first write until the
 * process ends, however it ends: two sweeps never share a folder, no lock is ever stale, and no memory is shared between
 * processes, which folders on a network do not give.
 */
const PRAGMAS = ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = NORMAL'];

const TABLES = `
CREATE TABLE content(digest TEXT PRIMARY KEY, files BLOB NOT NULL);
CREATE TABLE head(target TEXT NOT NULL, ref TEXT NOT NULL, head TEXT NOT NULL, suites TEXT NOT NULL, taken TEXT NOT NULL,
  PRIMARY KEY(target, ref));
CREATE TABLE seen(student TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL, first INTEGER NOT NULL,
  state TEXT NOT NULL, PRIMARY KEY(student, exercise, digest));
CREATE INDEX seen_digest ON seen(exercise, digest);
CREATE TABLE verdict(key TEXT PRIMARY KEY, exercise TEXT NOT NULL, files TEXT NOT NULL, round INTEGER NOT NULL,
  final INTEGER NOT NULL, summary TEXT NOT NULL, verdict BLOB NOT NULL);
CREATE TABLE standing(student TEXT NOT NULL, exercise TEXT NOT NULL, parts TEXT NOT NULL, summary TEXT NOT NULL,
  PRIMARY KEY(student, exercise));
CREATE TABLE written(path TEXT PRIMARY KEY, stamp TEXT NOT NULL);
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);
PRAGMA user_version = ${FORMAT};
`;

type Prepared = ReturnType<typeof prepare>;
const prepare = (db: Database, sql: string) => db.prepare<unknown[]>(sql);

/** `over`: more than the attempts that the assignment allows, so it is never judged. */
export type SeenState = 'waiting' | 'judged' | 'over';
export type Seen = { digest: string; first: number; state: SeenState };

/** What stands for a student in one exercise, and what it rested on. */
export type Standing = { parts: WorkParts; summary: Summary };

const parts: z.ZodType<WorkParts> = z.object({
  exercise: z.string(),
  files: z.string(),
  suite: z.string(),
  harness: z.string(),
  node: z.string(),
  isolation: z.enum(['namespace', 'permission', 'none']),
});

const files = z.record(z.string(), z.string());

/** What a sweep knows, on the disk as soon as it knows it: whenever it is killed, the next one goes on from here. */
export class Ledger {
  private readonly db: Database;

  private constructor(db: Database) {
    this.db = db;
  }

  /** Opens the ledger of an out folder, or begins one. `message`: why it cannot be had, and what to do. */
  static open(out: string): { ok: true; ledger: Ledger } | { ok: false; message: string } {
    const loaded = loadSqlite(import.meta.url);
    if (!loaded.ok) return { ok: false, message: loaded.message.replace('Progress is not kept', NEEDED) };
    const file = join(out, LEDGER_FOLDER, 'ledger.sqlite');
    let db: Database | null = null;
    try {
      mkdirSync(join(out, LEDGER_FOLDER), { recursive: true });
      db = new loaded.Sqlite(file, { timeout: 1_000 });
      for (const pragma of PRAGMAS) db.pragma(pragma);
      // Takes the lock, which is kept from here on.
      db.exec('BEGIN IMMEDIATE');
      const version = db.pragma('user_version', { simple: true });
      if (version === 0) db.exec(TABLES);
      db.exec('COMMIT');
      if (version !== 0 && version !== FORMAT) {
        db.close();
        return {
          ok: false,
          message: `${file} was written by another version of the workbook. ${NEW_FOLDER}`,
        };
      }
      return { ok: true, ledger: new Ledger(db) };
    } catch (error) {
      db?.close();
      const problem = fileProblem(error);
      if (problem === 'busy') return { ok: false, message: BUSY };
      if (problem === null && !(error instanceof Error && 'syscall' in error)) throw error;
      const why = problem === null ? String(error) : explainProblem(problem, error);
      const what = problem === 'damaged' ? ` ${NEW_FOLDER}` : '';
      return { ok: false, message: `The ledger ${file} cannot be used. ${why}${what}` };
    }
  }

  close(): void {
    this.db.close();
  }

  /** All or nothing of what `work` writes, and one write to the disk. */
  together<T>(work: () => T): T {
    return this.db.transaction(work)();
  }

  /** Keeps files by their digest; files that are there already are not written again. */
  keepFiles(digest: string, kept: SourceFiles): void {
    if (this.one('SELECT 1 FROM content WHERE digest = ?', digest) !== undefined) return;
    const bytes = gzipSync(JSON.stringify(Object.fromEntries(kept)), { level: 1 });
    this.run('INSERT INTO content VALUES (?, ?)', digest, bytes);
  }

  /** Files that were kept. Throws when they are not those of the digest: the file was changed by somebody else. */
  files(digest: string): Map<string, string> {
    const row = this.one('SELECT files FROM content WHERE digest = ?', digest) as
      { files: Buffer } | undefined;
    if (row === undefined) throw new Error(`the ledger has no files ${digest}`);
    const read = new Map(Object.entries(files.parse(JSON.parse(gunzipSync(row.files).toString()))));
    if (digestFiles(read) !== digest) throw new Error(`the ledger holds other files than ${digest}`);
    return read;
  }

  /** What was taken from a repository when its `ref` led to this commit; null: not known. */
  takenAt(target: string, ref: string, head: string, suites: string): TakenTarget | null {
    const row = this.one(
      'SELECT taken FROM head WHERE target = ? AND ref = ? AND head = ? AND suites = ?',
      target,
      ref,
      head,
      suites,
    ) as { taken: string } | undefined;
    if (row === undefined) return null;
    const parsed = takenTarget.safeParse(JSON.parse(row.taken));
    return parsed.success ? parsed.data : null;
  }

  keepTaken(target: string, ref: string, head: string, suites: string, taken: TakenTarget): void {
    const text = JSON.stringify(taken);
    this.run('INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?, ?)', target, ref, head, suites, text);
  }

  /** All files that this ledger ever saw of a student in an exercise, in the order in which they came. */
  seen(student: string, exercise: string): Seen[] {
    return this.all(
      'SELECT digest, first, state FROM seen WHERE student = ? AND exercise = ? ORDER BY first, rowid',
      student,
      exercise,
    ) as Seen[];
  }

  /** Notes that files are there. When they were seen first stays as it is. */
  see(student: string, exercise: string, digest: string, now: number, state: SeenState): void {
    this.run(
      `INSERT INTO seen VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state
       WHERE state <> 'judged' AND state <> excluded.state`,
      student,
      exercise,
      digest,
      now,
      state,
    );
  }

  /** `since`: verdicts of an earlier round do not count. Null: it has to be judged. */
  summary(key: string, since: number): { summary: Summary; final: boolean } | null {
    const row = this.one('SELECT summary, final FROM verdict WHERE key = ? AND round >= ?', key, since) as
      { summary: string; final: number } | undefined;
    if (row === undefined) return null;
    return { summary: summary.parse(JSON.parse(row.summary)), final: row.final === 1 };
  }

  verdict(key: string): Verdict | null {
    const row = this.one('SELECT verdict FROM verdict WHERE key = ?', key) as { verdict: Buffer } | undefined;
    if (row === undefined) return null;
    const read = parseVerdict(JSON.parse(gunzipSync(row.verdict).toString()));
    if (!read.ok) throw new Error(`the ledger holds a verdict that is none: ${read.problem}`);
    return read.verdict;
  }

  /** `final`: false when a second try has the last word. */
  keepVerdict(
    key: string,
    { exercise, files: digest }: WorkParts,
    {
      verdict,
      summary: short,
      final,
      round,
    }: { verdict: Verdict; summary: Summary; final: boolean; round: number },
  ): void {
    this.together(() => {
      this.run(
        'INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?)',
        key,
        exercise,
        digest,
        round,
        final ? 1 : 0,
        JSON.stringify(short),
        gzipSync(JSON.stringify(verdict), { level: 1 }),
      );
      if (!final) return;
      this.run(
        "UPDATE seen SET state = 'judged' WHERE exercise = ? AND digest = ? AND state = 'waiting'",
        exercise,
        digest,
      );
    });
  }

  /** A verdict from before also counts as an attempt of whoever hands in the same files later. */
  markJudged(student: string, exercise: string, digest: string): void {
    this.run(
      "UPDATE seen SET state = 'judged' WHERE student = ? AND exercise = ? AND digest = ? AND state = 'waiting'",
      student,
      exercise,
      digest,
    );
  }

  standing(student: string, exercise: string): Standing | null {
    const row = this.one(
      'SELECT parts, summary FROM standing WHERE student = ? AND exercise = ?',
      student,
      exercise,
    ) as { parts: string; summary: string } | undefined;
    if (row === undefined) return null;
    return { parts: parts.parse(JSON.parse(row.parts)), summary: summary.parse(JSON.parse(row.summary)) };
  }

  stand(student: string, exercise: string, standing: Standing): void {
    const [known, short] = [JSON.stringify(standing.parts), JSON.stringify(standing.summary)];
    this.run('INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?)', student, exercise, known, short);
  }

  /** By what a file of the out folder was written; null: nobody knows. */
  stamp(path: string): string | null {
    const row = this.one('SELECT stamp FROM written WHERE path = ?', path) as { stamp: string } | undefined;
    return row?.stamp ?? null;
  }

  keepStamp(path: string, stamp: string): void {
    this.run('INSERT OR REPLACE INTO written VALUES (?, ?)', path, stamp);
  }

  /** Every file that was written and not taken away. */
  stamped(): string[] {
    return (this.all('SELECT path FROM written') as { path: string }[]).map(({ path }) => path);
  }

  forgetStamp(path: string): void {
    this.run('DELETE FROM written WHERE path = ?', path);
  }

  meta(name: string): string | null {
    const row = this.one('SELECT value FROM meta WHERE name = ?', name) as { value: string } | undefined;
    return row?.value ?? null;
  }

  keepMeta(name: string, value: string): void {
    this.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', name, value);
  }

  private readonly prepared = new Map<string, Prepared>();

  private statement(sql: string): Prepared {
    const before = this.prepared.get(sql);
    if (before !== undefined) return before;
    const made = prepare(this.db, sql);
    this.prepared.set(sql, made);
    return made;
  }

  private one(sql: string, ...values: unknown[]): unknown {
    return this.statement(sql).get(...values);
  }

  private all(sql: string, ...values: unknown[]): unknown[] {
    return this.statement(sql).all(...values);
  }

  private run(sql: string, ...values: unknown[]): void {
    this.statement(sql).run(...values);
  }
}

const NEEDED = 'A sweep keeps its verdicts in a database, and there is none';
const NEW_FOLDER = 'Name a new folder with --out, or delete this one to judge everything again.';
const BUSY =
  'Another sweep works on the folder of --out right now. Wait for its end, or name another folder.';
