import type { Part, Rule } from '../catalog/exercise.ts';
import { breakTables, dumpDatabase, healTables, lockDatabase, queryDatabase } from '../probe/database.ts';
import type { Lock, SqlOutcome } from '../probe/database.ts';
import type { SqlText } from '../message/host.ts';
import type { LoadFailure } from '../subject/load-failure.ts';
import type { HostAddress, Subject } from '../subject/subject.ts';
import { placeRule } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type { DatabaseRequest, Plan, RecordedResult, SuiteReply, SuiteRequest } from '../suite/link.ts';
import type { VerdictError } from '../verdict/verdict.ts';
import type { Evidence } from './assemble.ts';
import type { CheckRequest } from './check.ts';
import { learnerFrames } from './frames.ts';
import { orderRules, withNeeds } from './plan.ts';

/** A lane and the subject that its rules meet. Lanes that run in turn share one. */
export type OpenLane = Lane & { subject: Subject };

/** One run of a suite: answers what the suite's thread asks, and keeps what it reports. */
export class Run {
  private readonly request: CheckRequest;
  private readonly lanes: readonly OpenLane[];
  private readonly subjects: readonly Subject[];
  private readonly evidence: Evidence;
  private readonly now: number;
  /** By file. */
  private readonly locks = new Map<string, { lane: string; lock: Lock }>();

  constructor(parts: { request: CheckRequest; lanes: readonly OpenLane[]; evidence: Evidence; now: number }) {
    this.request = parts.request;
    this.lanes = parts.lanes;
    this.subjects = [...new Set(parts.lanes.map(({ subject }) => subject))];
    this.evidence = parts.evidence;
    this.now = parts.now;
  }

  async loadCoreParts(): Promise<void> {
    for (const subject of this.subjects) subject.warm();
    const core = this.corePartNames();
    await Promise.all(
      this.lanes.filter(({ part }) => core.includes(part.name)).map((lane) => this.load(lane)),
    );
    for (const subject of this.subjects) subject.warm();
  }

  /** Whether at least one part that core rules rest on can be met. */
  coreCanRun(): boolean {
    return this.corePartNames().some((name) => !this.evidence.errors.has(name));
  }

  async answer(request: SuiteRequest): Promise<SuiteReply> {
    switch (request.op) {
      case 'plan':
        return { kind: 'plan', plan: this.plan() };
      case 'begin':
        return await this.begin(request.rule, request.part, request.attempt);
      case 'result':
        return this.record(request.result);
      case 'database':
        return await this.database(request.request);
      default:
        return await this.onHost(request);
    }
  }

  private async onHost(request: Extract<SuiteRequest, HostAddress>): Promise<SuiteReply> {
    const { part: name, host, ...rest } = request;
    const { subject, part } = this.lane(name);
    const at = { part: part.name, host };
    switch (rest.op) {
      case 'death':
        return { kind: 'death', death: await subject.death(at) };
      case 'paused':
        return { kind: 'paused', stands: await subject.paused(at, rest.within) };
      case 'release':
        await subject.release(at);
        return { kind: 'noted' };
      case 'call':
        return { kind: 'host', reply: await subject.call(at, rest) };
      case 'batch':
        return { kind: 'host', reply: await subject.batch(at, rest.calls) };
      case 'waiting': {
        const { within, ...waiting } = rest;
        return { kind: 'host', reply: await subject.ask(at, () => waiting, within) };
      }
      case 'sql-open': {
        const scripts = rest.scripts.map((script) => sqlText(subject, part.name, script));
        return { kind: 'host', reply: await subject.ask(at, () => ({ ...rest, scripts })) };
      }
      case 'sql-run': {
        const sql = sqlText(subject, part.name, rest.sql);
        return { kind: 'host', reply: await subject.ask(at, () => ({ ...rest, sql })) };
      }
      default:
        return { kind: 'host', reply: await subject.ask(at, () => rest) };
    }
  }

  private lane(name: string): OpenLane {
    const lane = this.lanes.find((each) => each.name === name);
    if (lane === undefined) throw new Error(`no lane is called ${name}`);
    return lane;
  }

  private async database({ part, name, action }: DatabaseRequest): Promise<SuiteReply> {
    const { subject } = this.lane(part);
    const file = subject.databaseFile(name);
    const { build, warm } = this.request;
    const spare = warm?.probes.get(part);
    const answer = async (outcome: Promise<SqlOutcome>): Promise<SuiteReply> => ({
      kind: 'sql',
      outcome: await outcome,
    });
    switch (action.kind) {
      case 'run':
        return await answer(queryDatabase(build, file, action.statements, undefined, spare?.take()));
      case 'dump':
        return await answer(dumpDatabase(build, file, spare?.take()));
      case 'break':
        return await answer(breakTables(build, file, spare?.take()));
      case 'heal':
        return await answer(healTables(build, file, spare?.take()));
      case 'lock':
        this.locks.set(file, { lane: part, lock: await lockDatabase(build, file) });
        return { kind: 'noted' };
      case 'unlock':
        await this.locks.get(file)?.lock.release();
        this.locks.delete(file);
        return { kind: 'noted' };
    }
  }

  private plan(): Plan {
    const { exercise, only, order, seed, pace, warm } = this.request;
    const slow = warm?.slow ?? new Set<string>();
    if (!this.coreCanRun()) {
      return { rules: [], known: exercise.rules.map(({ id }) => id), seed, pace: pace ?? 1, parallel: false };
    }
    const chosen = only === null ? exercise.rules : withNeeds(exercise.rules, only);
    const rules = orderRules(chosen, order, seed).map((rule) => placeRule(rule, this.lanes, slow));
    const known = exercise.rules.map((rule) => rule.id);
    return { rules, known, seed, pace: pace ?? 1, parallel: warm !== undefined };
  }

  private async begin(rule: string, name: string, attempt: number): Promise<SuiteReply> {
    // Nobody waits for the result any more: what is left of the run ends at once.
    if (this.request.signal?.aborted === true)
      return { kind: 'begun', now: this.now, unloadable: 'abandoned' };
    const lane = this.lane(name);
    const { subject } = lane;
    for (const [file, held] of this.locks) {
      if (this.lane(held.lane).subject !== subject) continue;
      await held.lock.release();
      this.locks.delete(file);
    }
    if (attempt > 1) await subject.renew();
    for (const why of await subject.buryDead()) {
      this.evidence.notes.push(`Before ${rule} began, your program had ended: ${why}.`);
    }
    const unloadable = await this.load(lane);
    if (unloadable === null) await subject.begin(`${rule.toLowerCase()}-${attempt}`);
    return { kind: 'begun', now: this.now, unloadable };
  }

  private async load({ part, subject }: OpenLane): Promise<string | null> {
    if (this.evidence.errors.has(part.name)) return 'not loaded';
    const failure = await subject.load(part.name);
    if (failure === null) return null;
    this.evidence.errors.set(part.name, this.explain(failure));
    return failure.message;
  }

  private explain({ kind, message, stack }: LoadFailure): VerdictError {
    return { kind, message, frames: learnerFrames(stack, this.request.folder) };
  }

  private record(result: RecordedResult): SuiteReply {
    this.evidence.results.push(result);
    this.request.onRule?.(result.rule, result.outcome.status);
    return { kind: 'noted' };
  }

  private corePartNames(): string[] {
    const names = this.request.exercise.rules
      .filter((rule: Rule) => rule.tier === 'core')
      .map((rule) => rule.part);
    return this.request.exercise.parts.map((part: Part) => part.name).filter((name) => names.includes(name));
  }
}

/** A learner's file is put in by name; a missing one is an empty script, which no database takes for a query. */
function sqlText(subject: Subject, part: string, sql: { file: string } | { text: string }): SqlText {
  if ('text' in sql) return { file: null, text: sql.text };
  return { file: sql.file, text: subject.sourceOf(part, sql.file) ?? '' };
}
