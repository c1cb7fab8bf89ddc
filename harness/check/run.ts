import type { Part, Rule } from '../catalog/exercise.ts';
import { breakTables, dumpDatabase, healTables, lockDatabase, queryDatabase } from '../probe/database.ts';
import type { Lock, SqlOutcome } from '../probe/database.ts';
import type { SqlText } from '../message/host.ts';
import type { LoadFailure } from '../subject/load-failure.ts';
import type { HostAddress, Subject } from '../subject/subject.ts';
import type { DatabaseRequest, Plan, RecordedResult, SuiteReply, SuiteRequest } from '../suite/link.ts';
import type { VerdictError } from '../verdict/verdict.ts';
import type { Evidence } from './assemble.ts';
import type { CheckRequest } from './check.ts';
import { learnerFrames } from './frames.ts';
import { orderRules, plannedRules } from './plan.ts';

/** One run of a suite: answers what the suite's thread asks, and keeps what it reports. */
export class Run {
  private readonly request: CheckRequest;
  private readonly subject: Subject;
  private readonly evidence: Evidence;
  private readonly now: number;
  private readonly locks = new Map<string, Lock>();
  /** The rule that runs. */
  private current = '';

  constructor(parts: { request: CheckRequest; subject: Subject; evidence: Evidence; now: number }) {
    this.request = parts.request;
    this.subject = parts.subject;
    this.evidence = parts.evidence;
    this.now = parts.now;
  }

  async loadCoreParts(): Promise<void> {
    this.subject.warm();
    await Promise.all(this.partsAhead().map((name) => this.load(name)));
    if (this.request.spare ?? true) this.subject.warm();
  }

  /** Whether at least one part that core rules rest on can be met. */
  coreCanRun(): boolean {
    return this.partsAhead().some((name) => !this.evidence.errors.has(name));
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
    const { subject } = this;
    const { part, host, ...rest } = request;
    const at = { part, host };
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
        const scripts = rest.scripts.map((script) => this.sqlText(part, script));
        return { kind: 'host', reply: await subject.ask(at, () => ({ ...rest, scripts })) };
      }
      case 'sql-run': {
        const sql = this.sqlText(part, rest.sql);
        return { kind: 'host', reply: await subject.ask(at, () => ({ ...rest, sql })) };
      }
      default:
        return { kind: 'host', reply: await subject.ask(at, () => rest) };
    }
  }

  /** A learner's file is put in by name; a missing one is an empty script, which no database takes for a query. */
  private sqlText(part: string, sql: { file: string } | { text: string }): SqlText {
    if ('text' in sql) return { file: null, text: sql.text };
    this.request.onSource?.(this.current, sql.file);
    return { file: sql.file, text: this.subject.sourceOf(part, sql.file) ?? '' };
  }

  private async database({ name, action }: DatabaseRequest): Promise<SuiteReply> {
    const file = this.subject.databaseFile(name);
    const { build } = this.request;
    const answer = async (outcome: Promise<SqlOutcome>): Promise<SuiteReply> => ({
      kind: 'sql',
      outcome: await outcome,
    });
    switch (action.kind) {
      case 'run':
        return await answer(queryDatabase(build, file, action.statements));
      case 'dump':
        return await answer(dumpDatabase(build, file));
      case 'break':
        return await answer(breakTables(build, file));
      case 'heal':
        return await answer(healTables(build, file));
      case 'lock':
        this.locks.set(file, await lockDatabase(build, file));
        return { kind: 'noted' };
      case 'unlock':
        await this.locks.get(file)?.release();
        this.locks.delete(file);
        return { kind: 'noted' };
    }
  }

  private plan(): Plan {
    const { exercise, order, seed, pace } = this.request;
    const rules = orderRules(plannedRules(this.request), order, seed).map(({ id, part, needs }) => ({
      id,
      part,
      needs,
    }));
    return { rules, known: exercise.rules.map((rule) => rule.id), seed, pace: pace ?? 1 };
  }

  private async begin(rule: string, part: string, attempt: number): Promise<SuiteReply> {
    this.current = rule;
    for (const lock of this.locks.values()) await lock.release();
    this.locks.clear();
    if (attempt > 1) await this.subject.renew();
    for (const why of await this.subject.buryDead()) {
      this.evidence.notes.push(`Before ${rule} began, your program had ended: ${why}.`);
    }
    const unloadable = await this.load(part);
    if (unloadable === null) await this.subject.begin(`${rule.toLowerCase()}-${attempt}`);
    return { kind: 'begun', now: this.now, unloadable };
  }

  private async load(name: string): Promise<string | null> {
    if (this.evidence.errors.has(name)) return 'not loaded';
    const failure = await this.subject.load(name);
    if (failure === null) return null;
    this.evidence.errors.set(name, this.explain(failure));
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

  /** The parts that core rules rest on; of rules that are tried alone, theirs. */
  private partsAhead(): string[] {
    const { exercise, alone = false } = this.request;
    const rules = alone ? plannedRules(this.request) : exercise.rules;
    const names = rules.filter((rule: Rule) => alone || rule.tier === 'core').map((rule) => rule.part);
    return this.request.exercise.parts.map((part: Part) => part.name).filter((name) => names.includes(name));
  }
}
