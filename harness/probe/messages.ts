/** What a probe is asked, once. */
export type ProbeRequest =
  | { op: 'files'; folder: string; limits: FileLimits }
  /** Runs statements in one transaction and answers with the rows of the last; `file` absolute. */
  | { op: 'run'; file: string; statements: { sql: string; params: unknown }[] }
  /** Every value of every table. */
  | { op: 'dump'; file: string }
  /** Renames every table away, or back. */
  | { op: 'break' | 'heal'; file: string }
  /** Holds the database for itself, or only reads it as it is now, until stdin ends. */
  | { op: 'lock'; file: string; reading: boolean };

/** Sizes in bytes. */
export type FileLimits = { files: number; fileBytes: number; totalBytes: number; depth: number };

/** A name that was found: a regular file with its bytes (base64), or what else it is. */
export type FoundFile =
  { path: string; kind: 'file'; base64: string } | { path: string; kind: 'other'; what: string };

export type ProbeAnswer =
  | { ok: true; files: FoundFile[] }
  | { ok: true; rows: Record<string, unknown>[] }
  | { ok: false; why: string };
