import type { Part, Rule } from '../catalog/exercise.ts';
import { breakTables, dumpDatabase, healTables, lockDatabase, queryDatabase } from '../probe/database.ts';
import type { Lock, SqlOutcome } from '../probe/database.ts';
import type { RedisBegun, RedisServer } from '../probe/redis.ts';
import { readText } from '../probe/text.ts';
import type { SqlText } from '../message/host.ts';
import type { LoadFailure } from '../subject/load-failure.ts';
import type { ProgramProcess } from '../subject/program.ts';
import type { HostAddress, Subject } from '../subject/subject.ts';
import type {
  DatabaseRequest,
  Plan,
  ProgramRequest,
  RecordedResult,
  SuiteReply,
  SuiteRequest,
} from '../suite/link.ts';
import type { VerdictError } from '../verdict/verdict.ts';
import type { Evidence } from './assemble.ts';
import type { CheckRequest } from './check.ts';
import { learnerFrames } from './frames.ts';
import { orderRules, withNeeds } from './plan.ts';

/** One run of a suite: answers what the suite's thread asks, and keeps what it reports. */
export class Run {
  private readonly request: CheckRequest;
  private readonly subject: Subject;
  private readonly evidence: Evidence;
  private readonly now: number;
  private readonly redis: RedisServer | null;
  private readonly locks = new Map<string, Lock>();
  private readonly programs: ProgramProcess[] = [];

  constructor(parts: {
    request: CheckRequest;
    subject: Subject;
    evidence: Evidence;
    now: number;
    redis: RedisServer | null;
  }) {
    this.request = parts.request;
    this.subject = parts.subject;
    this.evidence = parts.evidence;
    this.now = parts.now;
    this.redis = parts.redis;
  }

  async loadCoreParts(): Promise<void> {
    this.subject.warm();
    await Promise.all(this.corePartNames().map((name) => this.load(name)));
    this.subject.warm();
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
      case 'file':
        return await this.onFile(request);
      case 'program':
        return this.onProgram(request.part, request.request);
      case 'redis':
        return await this.onRedis(request);
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
      case 'kill':
        await subject.kill(at);
        return { kind: 'noted' };
      case 'paused':
        return { kind: 'paused', stands: await subject.paused(at, rest.within) };
      case 'release':
        await subject.release(at);
        return { kind: 'noted' };
      case 'call':
        return { kind: 'host', reply: await subject.call(at, rest) };
      case 'batch':
        return {
          kind: 'host',
          reply: await subject.batch(at, rest.calls, rest.on === undefined ? {} : { on: rest.on }),
        };
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
    const { exercise, only, order, seed, pace } = this.request;
    const chosen = only === null ? exercise.rules : withNeeds(exercise.rules, only);
    const rules = orderRules(chosen, order, seed).map(({ id, part, needs }) => ({ id, part, needs }));
    return { rules, known: exercise.rules.map((rule) => rule.id), seed, pace: pace ?? 1 };
  }

  private async begin(rule: string, part: string, attempt: number): Promise<SuiteReply> {
    for (const lock of this.locks.values()) await lock.release();
    this.locks.clear();
    if (attempt > 1) await this.subject.renew();
    for (const why of await this.subject.buryDead()) {
      this.evidence.notes.push(`Before ${rule} began, your program had ended: ${why}.`);
    }
    const unloadable = await this.load(part);
    let redis: RedisBegun | null = null;
    if (unloadable === null) {
      if (this.redis !== null && usesRedis(this.partOf(part))) redis = await this.redis.begin(this.now);
      const url = redis?.ok === true ? redis.url : null;
      await this.subject.begin(`${rule.toLowerCase()}-${attempt}`, url);
    }
    const broken = redis?.ok === false ? redis.why : null;
    return { kind: 'begun', now: this.now, unloadable, broken };
  }

  private async onRedis({ rule, request }: Extract<SuiteRequest, { op: 'redis' }>): Promise<SuiteReply> {
    if (this.redis === null) throw new Error('no part of this exercise may use ioredis');
    if (request.op !== 'advance' || this.redis.movable)
      return { kind: 'redis', reply: await this.redis.ask(request) };
    const why = 'it moves the clock of Redis, and that of the server that REDIS_URL names cannot be moved';
    this.evidence.notes.push(`${rule} was not judged: ${why}.`);
    return { kind: 'unjudged' };
  }

  private async onFile({ part, file, as }: Extract<SuiteRequest, { op: 'file' }>): Promise<SuiteReply> {
    const text = this.subject.sourceOf(part, file);
    if (as === 'text' || text === null) return { kind: 'file', text };
    return { kind: 'yaml', answer: await readText(this.request.build, { op: 'yaml', text }) };
  }

  private onProgram(part: string, request: ProgramRequest): SuiteReply {
    if (request.op === 'start') this.programs.push(this.subject.startProgram(part, request.given));
    const number = request.op === 'start' ? this.programs.length - 1 : request.process;
    const program = this.programs[number];
    if (program === undefined) throw new Error(`no process ${number} was started`);
    if (request.op === 'signal') program.signal(request.signal);
    const from = request.op === 'look' ? request.from : 0;
    const { exited: exit, death, lines } = program;
    return { kind: 'program', process: number, exit, death, lines: lines.slice(from) };
  }

  private partOf(name: string): Part | undefined {
    return this.request.exercise.parts.find((part) => part.name === name);
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

  private corePartNames(): string[] {
    const names = this.request.exercise.rules
      .filter((rule: Rule) => rule.tier === 'core')
      .map((rule) => rule.part);
    return this.request.exercise.parts.map((part: Part) => part.name).filter((name) => names.includes(name));
  }
}

/** Whether a part may talk to Redis. */
export function usesRedis(part: Part | undefined): boolean {
  return part?.packages.includes('ioredis') ?? false;
}
