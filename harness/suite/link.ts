import type { Exchange, RuleMessage } from '../verdict/verdict.ts';
import type { HostRequest, SqlMode } from '../message/host.ts';
import type { SqlOutcome } from '../probe/database.ts';
import type { Death, Reply } from '../subject/process.ts';
import type { HostAddress } from '../subject/subject.ts';

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
};

export type SuiteRequest =
  | { op: 'plan' }
  | { op: 'begin'; rule: string; part: string; attempt: number }
  | { op: 'result'; result: RecordedResult }
  /** From outside, in a probe, on a database of the rule that runs. */
  | { op: 'database'; request: DatabaseRequest }
  | (HostAddress & HostQuestion);

/** What is asked of one host. Where the host's own protocol has the operation, it means the same there. */
export type HostQuestion =
  | { op: 'call'; export: string; args: string; keep: string | null }
  | { op: 'batch'; calls: { export: string; args: string }[] }
  | { op: 'listen'; handle: string }
  | { op: 'close'; handle: string }
  | { op: 'connections'; handle: string }
  | { op: 'waiting'; count: number; within: number }
  | { op: 'advance'; ms: number }
  | { op: 'ping' }
  | { op: 'statements' }
  | { op: 'death' }
  | { op: 'release' }
  | { op: 'paused'; within: number }
  | Extract<HostRequest, { op: 'answer' | 'trap' }>
  | { op: 'sql-open'; handle: string; scripts: SuiteSql[] }
  | { op: 'sql-run'; handle: string; sql: SuiteSql; params: string; mode: SqlMode };

/** A learner's file by name, or a text of the suite. */
export type SuiteSql = { file: string } | { text: string };

export type DatabaseRequest = {
  part: string;
  name: string;
  action:
    | { kind: 'run'; statements: { sql: string; params: unknown }[] }
    | { kind: 'dump' | 'break' | 'heal' | 'lock' | 'unlock' };
};

export type SuiteReply =
  | { kind: 'plan'; plan: Plan }
  | { kind: 'begun'; now: number; unloadable: string | null }
  | { kind: 'host'; reply: Reply }
  | { kind: 'death'; death: Death | null }
  | { kind: 'paused'; stands: boolean }
  | { kind: 'sql'; outcome: SqlOutcome }
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
      /** By which a catalogued mistake is known: equal for equal failures, whatever the random data was. */
      fingerprint: string;
    };

/** What a rule ended with, as the suite recorded it. The only evidence a verdict is built from. */
export type RecordedResult = { rule: string; durationMs: number; outcome: RuleOutcome };

export type Envelope<T> = { id: number; body: T };
