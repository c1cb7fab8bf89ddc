import type { Part, Rule } from '../catalog/exercise.ts';
import type { RedisBegun, RedisServer } from '../probe/redis.ts';
import type { RedisReply, RedisRequest } from '../probe/redis-messages.ts';
import type { ProbePlace } from '../probe/process.ts';
import { readText } from '../probe/text.ts';
import type { TextAnswer } from '../probe/text-messages.ts';
import type { SqlText } from '../message/host.ts';
import type { LoadFailure } from '../subject/load-failure.ts';
import type { ProgramProcess } from '../subject/program.ts';
import type { Reply } from '../subject/process.ts';
import type { HostAddress, Subject } from '../subject/subject.ts';
import { placeRule, usesRedis } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type {
  Plan,
  PlannedRule,
  ProgramRequest,
  RecordedResult,
  Standing,
  SuiteReply,
  SuiteRequest,
} from '../suite/link.ts';
import type { Rounds } from './tests/rounds.ts';
import type { VerdictError } from '../verdict/verdict.ts';
import type { Evidence } from './assemble.ts';
import { isSideBySide } from './side-by-side.ts';
import type { CheckRequest } from './check.ts';
import { Databases } from './databases.ts';
import { learnerFrames } from './frames.ts';
import { bringForward, orderRules, plannedRules, withNeeds } from './plan.ts';

/** A lane and the subject that its rules meet. Lanes that run in turn share one. */
export type OpenLane = Lane & { subject: Subject };

/** One run of a suite: answers what the suite's thread asks, and keeps what it reports. */
export class Run {
  private readonly request: CheckRequest;
  private readonly lanes: readonly OpenLane[];
  private readonly subjects: readonly Subject[];
  private readonly evidence: Evidence;
  private readonly now: number;
  private readonly redis: RedisServer | null;
  private readonly databases: Databases;
  private readonly programs: ProgramProcess[] = [];
  /** What was read of the learner's files, by question: a program does not change while it is judged. */
  private readonly texts = new Map<string, Promise<TextAnswer>>();
  /** By how much the clocks were moved since the rule began, in milliseconds, by host. */
  private readonly moved = new Map<string, number>();
  /** The rule that runs. */
  private current = '';
  private loaded: Promise<void> | null = null;
  /** How tests of the learner are tried on programs. */
  private readonly rounds: Rounds | null;
  private testsAttempt = 1;
  /** Told as a rule has its result. */
  onResult: (result: RecordedResult) => void = () => {};
  /** The address of its Redis. */
  private redisAddress: string | null = null;

  constructor(parts: {
    request: CheckRequest;
    lanes: readonly OpenLane[];
    evidence: Evidence;
    now: number;
    redis: RedisServer | null;
    rounds: Rounds | null;
  }) {
    this.request = parts.request;
    this.rounds = parts.rounds;
    this.lanes = parts.lanes;
    this.subjects = [...new Set(parts.lanes.map(({ subject }) => subject))];
    this.evidence = parts.evidence;
    this.now = parts.now;
    this.redis = parts.redis;
    this.databases = new Databases(this.request, this.probes);
  }

  /** What has to be there before the first rule: all, unless one rule goes ahead alone. */
  async loadFirst(): Promise<void> {
    const ahead = this.rulesAhead();
    if (ahead.length === 0) return await this.loadCoreParts();
    const names = new Set(ahead.map((rule) => this.placed(rule).part));
    await Promise.all(this.lanes.filter(({ name }) => names.has(name)).map((lane) => this.load(lane)));
    // The others are loaded as the first of their rules begins; if nothing could, this says whether any can.
    if (!this.coreCanRun()) await this.loadCoreParts();
  }

  /** All that core rules rest on; done once. */
  loadCoreParts(): Promise<void> {
    return (this.loaded ??= this.loadAhead());
  }

  private async loadAhead(): Promise<void> {
    const { stand } = this.request;
    if (stand?.alone === true) for (const subject of this.subjects) subject.print(stand.print);
    for (const subject of this.subjects) subject.warm();
    const ahead = this.partsAhead();
    await Promise.all(
      this.lanes.filter(({ part }) => ahead.includes(part.name)).map((lane) => this.load(lane)),
    );
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
      case 'stand':
        return await this.stand(request.at);
      case 'database':
        return await this.databases.answer(this.lane(request.request.part).subject, request.request);
      case 'file':
        return await this.onFile(request);
      case 'place':
        return { kind: 'place', found: this.lane(request.part).subject.found(request.name) };
      case 'program':
        return await this.onProgram(request.part, request.request);
      case 'redis':
        return await this.onRedis(request);
      case 'tests':
        return await this.onTests(request);
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
      case 'settle':
        return { kind: 'host', reply: await settle(subject, at) };
      case 'waiting': {
        const { within, ...waiting } = rest;
        return { kind: 'host', reply: await subject.ask(at, () => waiting, within) };
      }
      case 'sql-open': {
        const scripts = rest.scripts.map((script) => this.sqlText(subject, part.name, script));
        return { kind: 'host', reply: await subject.ask(at, () => ({ ...rest, scripts })) };
      }
      case 'sql-run': {
        const sql = this.sqlText(subject, part.name, rest.sql);
        return { kind: 'host', reply: await subject.ask(at, () => ({ ...rest, sql })) };
      }
      case 'advance':
        this.moved.set(keyOf(at), (this.moved.get(keyOf(at)) ?? 0) + rest.ms);
        return { kind: 'host', reply: await subject.ask(at, () => rest) };
      default:
        return { kind: 'host', reply: await subject.ask(at, () => rest) };
    }
  }

  /** Where the probes of this run are. */
  private get probes(): ProbePlace {
    const { build, isolation = 'permission' } = this.request;
    return { build, isolation };
  }

  private lane(name: string): OpenLane {
    const lane = this.lanes.find((each) => each.name === name);
    if (lane === undefined) throw new Error(`no lane is called ${name}`);
    return lane;
  }

  /** A learner's file is put in by name; a missing one is an empty script, which no database takes for a query. */
  private sqlText(subject: Subject, part: string, sql: { file: string } | { text: string }): SqlText {
    if ('text' in sql) return { file: null, text: sql.text };
    this.request.onSource?.(this.current, sql.file);
    return { file: sql.file, text: subject.sourceOf(part, sql.file) ?? '' };
  }

  /** Ends what was started ahead for rules that did not come. */
  end(): void {
    this.databases.end();
  }

  private plan(): Plan {
    const { exercise, order, seed, pace = 1, stand, warm } = this.request;
    const known = exercise.rules.map((rule) => rule.id);
    const parallel = isSideBySide(this.request);
    const stop = stand === undefined ? null : { rule: stand.rule, before: stand.before };
    const ahead = this.rulesAhead().map(({ id }) => id);
    if (!this.coreCanRun()) return { rules: [], known, seed, pace, parallel, ahead, stop };
    const ordered = orderRules(plannedRules(this.request), order, seed);
    const { failed = [] } = warm ?? {};
    const planned = bringForward(bringForward(ordered, failed), failed.slice(0, 1)).map((rule) =>
      this.placed(rule),
    );
    const rules =
      stand?.alone === true
        ? planned.filter(({ id }) => id === stand.rule).map((rule) => ({ ...rule, needs: [] }))
        : planned;
    return { rules, known, seed, pace, parallel, ahead, stop };
  }

  /** The rule that nothing else begins before, and what it needs. */
  private rulesAhead(): Rule[] {
    const { exercise, warm } = this.request;
    return warm?.alone === true ? withNeeds(exercise.rules, warm.failed.slice(0, 1)) : [];
  }

  private placed(rule: Rule): PlannedRule {
    return placeRule(rule, this.lanes, this.request.warm?.slow ?? new Set());
  }

  private async begin(rule: string, name: string, attempt: number): Promise<SuiteReply> {
    const { stand, signal } = this.request;
    // Nobody waits for the result any more: what is left of the run ends at once.
    if (signal?.aborted === true)
      return { kind: 'begun', now: this.now, unloadable: 'abandoned', broken: null };
    this.current = rule;
    const lane = this.lane(name);
    const { subject } = lane;
    if (rule === stand?.rule) subject.print(stand.print);
    this.moved.clear();
    await this.databases.unlock(subject);
    if (attempt > 1) await subject.renew();
    const deaths = await subject.buryDead();
    for (const why of deaths) {
      this.evidence.notes.push(`Before ${rule} began, your program had ended: ${why}.`);
    }
    const unloadable = await this.load(lane);
    // What died once may die again. Ahead of the first death, a spare host would take its boot from the rules.
    if ((attempt > 1 || deaths.length > 0) && this.request.inTurn !== true) subject.warm();
    let redis: RedisBegun | null = null;
    if (unloadable === null) {
      if (this.redis !== null && usesRedis(lane.part)) redis = await this.redis.begin(this.now);
      this.redisAddress = redis?.ok === true ? redis.url : null;
      await subject.begin(`${rule.toLowerCase()}-${attempt}`, this.redisAddress);
    }
    const broken = redis?.ok === false ? redis.why : null;
    return { kind: 'begun', now: this.now, unloadable, broken };
  }

  private async onRedis({ rule, request }: Extract<SuiteRequest, { op: 'redis' }>): Promise<SuiteReply> {
    if (this.redis === null) throw new Error('no part of this exercise may use ioredis');
    if (request.op === 'fault') return { kind: 'redis', reply: await this.disturb(request) };
    if (request.op !== 'advance' || this.redis.movable)
      return { kind: 'redis', reply: await this.redis.ask(request) };
    const why = 'it moves the clock of Redis, and that of the server that REDIS_URL names cannot be moved';
    this.evidence.notes.push(`${rule} was not judged: ${why}.`);
    return { kind: 'unjudged' };
  }

  /** In a namespace, what stands for Redis inside is there as long as Redis is. */
  private async disturb(request: Extract<RedisRequest, { op: 'fault' }>): Promise<RedisReply> {
    if (this.redis === null) throw new Error('no part of this exercise may use ioredis');
    const offer = async (address: string | null): Promise<void> => {
      await Promise.all(this.subjects.map((subject) => subject.offerRedis(address)));
    };
    if (request.fault === 'down') await offer(null);
    const reply = await this.redis.ask(request);
    if (request.fault !== 'down') await offer(this.redisAddress);
    return reply;
  }

  private async onFile({ part: name, file, as }: Extract<SuiteRequest, { op: 'file' }>): Promise<SuiteReply> {
    const { subject, part } = this.lane(name);
    const text = subject.sourceOf(part.name, file);
    if (as === 'text' || text === null) return { kind: 'file', text };
    const key = JSON.stringify([file, as]);
    const answer = this.texts.get(key) ?? readText(this.probes, { ...as, text });
    this.texts.set(key, answer);
    return { kind: 'read', answer: await answer };
  }

  private async onTests({
    part,
    attempt,
    question,
  }: Extract<SuiteRequest, { op: 'tests' }>): Promise<SuiteReply> {
    if (this.rounds === null) throw new Error('no part of this exercise is of the kind tests');
    const round = this.rounds.round(this.lane(part).part);
    if (attempt > this.testsAttempt) round.forget();
    this.testsAttempt = attempt;
    switch (question.kind) {
      case 'first':
        return { kind: 'tests', right: await round.first() };
      case 'again':
        return { kind: 'tests', right: await round.again(question.world) };
      case 'broken':
        return { kind: 'tests', broken: await round.broken(question.rule) };
    }
  }

  private async onProgram(name: string, request: ProgramRequest): Promise<SuiteReply> {
    const { subject, part } = this.lane(name);
    if (request.op === 'start') this.programs.push(subject.startProgram(part.name, request.given));
    const number = request.op === 'start' ? this.programs.length - 1 : request.process;
    const program = this.programs[number];
    if (program === undefined) throw new Error(`no process ${number} was started`);
    if (request.op === 'signal') program.signal(request.signal);
    if (request.op === 'reach') return { kind: 'port', port: await program.reach(request.port) };
    const from = request.op === 'look' ? request.from : 0;
    const { exited: exit, death, lines, output } = program;
    const printed = exit === null ? '' : output.tail;
    return { kind: 'program', process: number, exit, death, lines: lines.slice(from), printed };
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

  /** The rule stands still until whoever asked for it has seen enough. */
  private async stand(at: Standing): Promise<SuiteReply> {
    const { stand } = this.request;
    const { subject, part } = this.lane(at.place.part);
    const place = { ...at.place, part: part.name };
    if (stand?.flows === true) await subject.flow();
    const clock = stand?.flows === true ? null : this.now + (this.moved.get(keyOf(place)) ?? 0);
    await stand?.reached({ ...at, place, clock, death: subject.ended(place) });
    return { kind: 'noted' };
  }

  private record(result: RecordedResult): SuiteReply {
    this.evidence.results.push(result);
    this.request.onRule?.(result.rule, result.outcome.status);
    this.onResult(result);
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

/** Rules wait this way a thousand times in a check: here it costs the suite's thread one message instead of three. */
async function settle(subject: Subject, at: HostAddress): Promise<Reply> {
  const first = await subject.ask(at, () => ({ op: 'ping' }));
  const reply = first.kind === 'reply' ? await subject.ask(at, () => ({ op: 'ping' })) : first;
  const death = await subject.death(at);
  return death === null ? reply : { kind: 'dead', death };
}

function keyOf({ part, host }: HostAddress): string {
  return `${part}#${host}`;
}
