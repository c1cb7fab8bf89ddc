/** Before the names of packages on a host's command line: it uses them once while it waits for its program. */
export const REHEARSE = '--rehearse';

/** What the trusted side asks of a host. Every request has an id; every reply names the id it answers, once. */
export type HostRequest =
  | { op: 'load'; file: string | null; now: number }
  /** Forgets the sleepers of the rule before, and sets the clock (milliseconds since 1970). */
  | { op: 'reset'; now: number }
  /**
   * Calls an export, or a method of what stays in the host under the name `on`. `keep`: the result stays in the host under
   * this name, only its shape travels.
   */
  | { op: 'call'; export: string; args: string; keep: string | null; on?: string }
  | { op: 'listen'; handle: string }
  | { op: 'close'; handle: string }
  | { op: 'connections'; handle: string }
  /** How long the process has computed so far, over all its threads, in microseconds. */
  | { op: 'computed' }
  | { op: 'waiting'; count: number }
  | { op: 'advance'; ms: number }
  /** The clock is the machine's from now on, until the next reset. */
  | { op: 'flow' }
  | { op: 'ping' }
  /** Several calls in one turn of the event loop; the results come together, in order. A call may name its own `on`. */
  | { op: 'batch'; calls: { export: string; args: string; on?: string }[]; on?: string }
  /** How a function that the suite plays answers one call. `value` is text made by `encode`. */
  | { op: 'answer'; call: number; outcome: PlayedOutcome }
  /** What to do when a statement is about to run whose SQL contains `text` (any case), the `nth` time from now. */
  | {
      op: 'trap';
      text: string;
      nth: number;
      action: { kind: 'pause' } | { kind: 'throw'; code: string } | { kind: 'kill' };
    }
  /** Takes away the traps that have not sprung. */
  | { op: 'disarm' }
  /** The SQL that was run since the last reset. */
  | { op: 'statements' }
  /** Opens a database in memory and runs scripts, for parts of kind `sql`. */
  | { op: 'sql-open'; handle: string; scripts: SqlText[] }
  | { op: 'sql-run'; handle: string; sql: SqlText; params: string; mode: SqlMode }
  /**
   * Runs test files, compiled (absolute paths). `seed`: of the order of the tests; null: as they are written. `moved`: by
   * how much their `Date` is, in milliseconds. `bail`: the first failure ends it. `timeout`: how long
   * a test or a hook may take, in milliseconds. Only a process for tests does it (host/tests/main.ts), and that one does
   * nothing else but `call`, for what tests passed to an app (`on`: its handle, `export`: where it stood in it).
   */
  | { op: 'tests'; files: string[]; seed: number | null; moved: number; bail: boolean; timeout: number };

/** SQL and where it comes from: `file` is the learner's file, or null for a text of the suite. */
export type SqlText = { file: string | null; text: string };

/** `read`: one statement that reads. `write`: one INSERT, UPDATE or DELETE. `any`: a text of the suite. */
export type SqlMode = 'read' | 'write' | 'any';

export type PlayedOutcome =
  | { kind: 'value'; value: string }
  /** `fields`: members of the error beyond these, such as `status`. */
  | { kind: 'error'; name: string; message: string; code: string | null; fields?: ErrorFields };

export type ErrorFields = Readonly<Record<string, string | number | boolean>>;

/** The shape of a value that stayed in the host. */
export type Shape = { type: string; server: boolean; callable: boolean; listening: boolean };

/** A reply's content by operation. `value` is text made by `encode`; `later`: what was returned was a promise of it. */
export type HostResult =
  | { kind: 'loaded'; exports: Record<string, string> }
  | { kind: 'value'; value: string; later?: true | undefined }
  | { kind: 'kept'; shape: Shape }
  | { kind: 'threw'; error: { name: string; message: string; code: string | null; stack: string | null } }
  | { kind: 'port'; port: number }
  | { kind: 'count'; count: number }
  | { kind: 'done' }
  | { kind: 'texts'; texts: string[] }
  | { kind: 'batch'; results: HostResult[] }
  /** The host could not do it, for a reason in the subject: `why` is a sentence for the learner. */
  | { kind: 'cannot'; why: string };

/** What a host says unasked. */
export type HostEvent =
  | { event: 'ready'; node: string }
  /** The program stands right before a statement that a trap names; its event loop does not turn. */
  | { event: 'paused'; sql: string }
  /**
   * A function that the suite plays was called. `args` is text made by `encode`. A negative `call`: the process stands still
   * until the answer comes, on the pipe for last words.
   */
  | { event: 'called'; name: string; call: number; args: string }
  | {
      event: 'uncaught';
      origin: string;
      error: { name: string; message: string; code: string | null; stack: string | null };
    };

export type HostMessage = { id: number; result: HostResult } | HostEvent;
