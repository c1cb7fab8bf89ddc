import type { Exchange, RuleMessage } from '../verdict/verdict.ts';
import type { HostRequest, SqlMode } from '../message/host.ts';
import type { SqlOutcome } from '../probe/database.ts';
import type { TextAnswer, TextQuestion } from '../probe/text-messages.ts';
import type { RedisReply, RedisRequest } from '../probe/redis-messages.ts';
import type { Death } from '../subject/death.ts';
import type { Reply } from '../subject/process.ts';
import type { Exit } from '../subject/program.ts';
import type { FoundPlace } from '../subject/stage.ts';
import type { HostAddress } from '../subject/subject.ts';
import type { BrokenTried, RightTried, TestsQuestion } from './tests-link.ts';

/**
 * What the thread that runs a suite and the harness's main process say to each other. Both are ours and trusted: the
 * words go over a MessagePort as they are.
 */
export type PlannedRule = {
  id: string;
  /** The part, or the lane of a part, whose hosts the rule meets. The suite only hands the name back. */
  part: string;
  needs: string[];
};

/** The rules to try, in this order; all ids of the spec; the seed of everything random; what multiplies time limits. */
export type Plan = {
  rules: PlannedRule[];
  known: string[];
  seed: number;
  pace: number;
  /** Rules of different lanes run side by side: each lane has hosts and databases of its own. */
  parallel: boolean;
  /** These rules of the plan are judged before any other begins. */
  ahead: readonly string[];
  stop: Stop | null;
};

/** Where a rule that is replayed stands still: before the request of this number, or (null) after its last one. */
export type Stop = { rule: string; before: number | null };

/** Where a request goes: a host, and the port on which it listens. */
export type Place = HostAddress & { port: number };

/**
 * A rule that stands still. `exchange`: the request that would leave next; null: the rule has passed. `body`: its bytes.
 * `piece`: the first bytes of a raw message. `sent`: how many requests left before.
 */
export type Standing = {
  rule: string;
  step: string;
  sent: number;
  place: Place;
  exchange: Exchange | null;
  body: Uint8Array | null;
  piece: Uint8Array | null;
};

/** A request by its number in the trial. `pieces`: what was written on a raw connection, write by write. */
export type SentRequest = { number: number; pieces: Uint8Array[] };

export type SuiteRequest =
  | { op: 'plan' }
  | { op: 'begin'; rule: string; part: string; attempt: number }
  | { op: 'result'; result: RecordedResult }
  /** Answered when the rule may end. */
  | { op: 'stand'; at: Standing }
  /** From outside, in a probe, on a database of the rule that runs. */
  | { op: 'database'; request: DatabaseRequest }
  /** From outside, on the Redis of the rule that runs. */
  | { op: 'redis'; rule: string; request: Exclude<RedisRequest, { op: 'begin' }> }
  /** One of the learner's files (parts of kind `files`); all but its text is read in a probe. */
  | { op: 'file'; part: string; file: string; as: 'text' | TextQuestion }
  /** What lies where `place(name)` leads. */
  | { op: 'place'; part: string; name: string }
  /** On a process that the rule started (parts of kind `program`). */
  | { op: 'program'; part: string; request: ProgramRequest }
  /** How the learner's tests meet programs of ours (parts of kind `tests`). */
  | { op: 'tests'; part: string; attempt: number; question: TestsQuestion }
  | (HostAddress & HostQuestion);

/** `given`: text made by `encode`. `process` and `from`: numbers that `start` and the lines so far gave. */
export type ProgramRequest =
  | { op: 'start'; given: string }
  | { op: 'look'; process: number; from: number }
  /** On which port of this machine a port of the program is met. */
  | { op: 'reach'; process: number; port: number }
  | { op: 'signal'; process: number; signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL' };

/**
 * A started process as it is now. `lines`: of stdout, after those that were asked for before. `printed`: the last of what
 * it wrote on both streams, once it has ended; empty before.
 */
export type ProgramState = {
  process: number;
  exit: Exit | null;
  death: Death | null;
  lines: string[];
  printed: string;
};

/** What is asked of one host. Where the host's own protocol has the operation, it means the same there. */
export type HostQuestion =
  | { op: 'call'; export: string; args: string; keep: string | null; on?: string }
  | { op: 'batch'; calls: { export: string; args: string; on?: string }[]; on?: string }
  | { op: 'listen'; handle: string }
  | { op: 'close'; handle: string }
  | { op: 'connections'; handle: string }
  | { op: 'computed' }
  | { op: 'waiting'; count: number; within: number }
  | { op: 'advance'; ms: number }
  | { op: 'ping' }
  /** Two rounds through the event loop, and then a look whether the host lives. */
  | { op: 'settle' }
  | { op: 'statements' }
  | { op: 'death' }
  | { op: 'kill' }
  | { op: 'release' }
  | { op: 'paused'; within: number }
  | Extract<HostRequest, { op: 'answer' | 'trap' | 'disarm' }>
  | { op: 'sql-open'; handle: string; scripts: SuiteSql[] }
  | { op: 'sql-run'; handle: string; sql: SuiteSql; params: string; mode: SqlMode };

/** A learner's file by name, or a text of the suite. */
export type SuiteSql = { file: string } | { text: string };

export type DatabaseRequest = {
  part: string;
  name: string;
  action:
    | { kind: 'run'; statements: { sql: string; params: unknown }[] }
    | { kind: 'dump' | 'break' | 'heal' | 'lock' | 'read' | 'unlock' };
};

export type SuiteReply =
  | { kind: 'plan'; plan: Plan }
  /** `broken`: why the harness cannot set the stage of this rule. */
  | { kind: 'begun'; now: number; unloadable: string | null; broken: string | null }
  | { kind: 'host'; reply: Reply }
  | { kind: 'death'; death: Death | null }
  | { kind: 'paused'; stands: boolean }
  | { kind: 'sql'; outcome: SqlOutcome }
  | { kind: 'redis'; reply: RedisReply }
  | ({ kind: 'program' } & ProgramState)
  | { kind: 'port'; port: number }
  | { kind: 'file'; text: string | null }
  | { kind: 'place'; found: FoundPlace }
  | { kind: 'read'; answer: TextAnswer }
  | { kind: 'tests'; right?: RightTried[]; broken?: BrokenTried[] }
  /** It cannot be done with the server that REDIS_URL names. */
  | { kind: 'unjudged' }
  | { kind: 'noted' };

/** How a rule ended. */
export type RuleOutcome =
  | { status: 'passed' }
  | { status: 'untried' }
  /** The suite itself failed: a bug of ours. */
  | { status: 'error'; why: string }
  | {
      status: 'failed';
      cause: 'wrong' | 'crashed' | 'hung' | 'exited' | 'memory';
      message: Omit<RuleMessage, 'often'>;
      exchange: Exchange | null;
      /** The request that failed; missing or null: it was none, or nobody knows which. */
      request?: SentRequest | null;
      /** By which a catalogued mistake is known: equal for equal failures, whatever the random data was. */
      fingerprint: string;
    };

/** What a rule ended with, as the suite recorded it. The only evidence a verdict is built from. */
export type RecordedResult = { rule: string; durationMs: number; outcome: RuleOutcome };

export type Envelope<T> = { id: number; body: T };
