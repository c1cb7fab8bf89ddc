import { Dependency, encode } from '../message/plain.ts';
import type { HostResult } from '../message/host.ts';
import { PATIENCE } from '../subject/patience.ts';
import type { FoundPlace } from '../subject/stage.ts';
import { App } from './app.ts';
import { Clock } from './clock.ts';
import { ask, listen } from './connection.ts';
import { Dockerfile } from './dockerfile.ts';
import { same } from './equal.ts';
import { Gate } from './gate.ts';
import { HostLine } from './host-line.ts';
import type { Stop } from './link.ts';
import { Made } from './made.ts';
import { callText, outcomeOf, thrown } from './outcome.ts';
import type { CallOutcome } from './outcome.ts';
import { OutsideDatabase } from './outside-database.ts';
import { Played } from './played.ts';
import { Program } from './program.ts';
import type { Start } from './program.ts';
import { Random } from './random.ts';
import { eventually } from './rule.ts';
import { Redis } from './redis.ts';
import { show } from './show.ts';
import { SqlDatabase } from './sql-database.ts';
import { Tests } from './tests.ts';
import { Statements } from './statements.ts';
import type { ComposeRead, Finding, TextAnswer, TextQuestion } from '../probe/text-messages.ts';
import { Unloadable, Unmet } from './unmet.ts';
import { Yaml } from './yaml.ts';

type TextRead = Extract<TextAnswer, { ok: true }>;

/** One try of one rule: the subject as the rule meets it, with everything fresh. */
export class Trial {
  readonly random: Random;
  /** How long an answer is waited for, in milliseconds. */
  readonly patience: number;
  /** The label of the step that runs. */
  step = '';
  readonly rule: string;
  /** What every request passes on its way out. */
  readonly gate: Gate;
  private readonly part: string;
  private readonly attempt: number;
  private readonly pace: number;
  private readonly lines = new Map<number, HostLine>();
  private readonly players = new Map<string, Played>();
  private readonly programs: Program[] = [];
  private apps: { host: number; app: App }[] = [];
  private handles = 0;
  private started = 0;

  constructor(rule: string, part: string, attempt: number, seed: number, pace = 1, stop: Stop | null = null) {
    this.rule = rule;
    this.part = part;
    this.attempt = attempt;
    this.pace = pace;
    this.patience = PATIENCE.answer * pace * Math.min(attempt, 2);
    this.gate = new Gate({ rule, patience: this.patience, stop, step: () => this.step });
    // A rule of its own data: what a program learned in one rule says nothing about the next.
    this.random = new Random(`${seed}:${rule}`);
  }

  /** Whether the rule is tried once more, on a fresh host, because its program hung or died. */
  get isRepeated(): boolean {
    return this.attempt > 1;
  }

  /** The instant at which the clock stood when the rule began, in milliseconds since 1970. */
  get now(): number {
    return this.started;
  }

  /** The clock that `clock()` gives to the subject. */
  get clock(): Clock {
    return new Clock(this.line(), this.patience);
  }

  /** The clock of another host of the same program. */
  clockOf({ host }: OnHost): Clock {
    return new Clock(this.line(host), this.patience);
  }

  /** The statements that a host runs on its databases. */
  statements({ host }: OnHost = { host: 1 }): Statements {
    return new Statements(this.line(host), this.patience);
  }

  /** A database that the program got as `database(name)`, met from outside. */
  database(name: string): OutsideDatabase {
    return new OutsideDatabase({ part: this.part, name });
  }

  /** The Redis that the program got as `redis()`, met from outside. */
  get redis(): Redis {
    return new Redis(this.rule);
  }

  /** The learner's tests (parts of kind `tests`). */
  get tests(): Tests {
    return new Tests(this.part, this.rule, this.attempt);
  }

  /** How the function answers that the program got as `played(name)`. Say it before the program can call it. */
  play(name: string): Played {
    const known = this.players.get(name);
    if (known !== undefined) return known;
    const player = new Played(name);
    this.players.set(name, player);
    return player;
  }

  /** Opens a database in memory and runs scripts on it: the learner's files by name, or texts of the suite. */
  async sql(scripts: readonly (string | { file: string })[]): Promise<SqlDatabase> {
    return await SqlDatabase.open(this.line(), `${this.rule}-${++this.handles}`, scripts);
  }

  /** Sets the stage. Done by the rule runner. */
  async begin(): Promise<void> {
    listen(this.part, ({ host, event }) => void this.play(event.name).called(this.line(host), event));
    const reply = await ask({ op: 'begin', rule: this.rule, part: this.part, attempt: this.attempt });
    if (reply.kind !== 'begun') throw new Error('a rule could not begin');
    this.started = reply.now;
    // The place in our code says nothing to whoever reads this.
    if (reply.broken !== null) throw Object.assign(new Error(reply.broken), { stack: reply.broken });
    if (reply.unloadable !== null) throw new Unloadable(reply.unloadable);
  }

  /** Ends what the rule opened. Done by the rule runner. */
  async end(): Promise<void> {
    for (const program of this.programs) program.drop();
    await Promise.all([...this.lines.values()].map((line) => line.send({ op: 'release' })));
    await Promise.all(this.apps.map(({ app }) => app.close()));
  }

  /**
   * Calls an export that returns a server (or an Express app), and serves it on a free port of this machine. `host`: in
   * a process of its own, when several run the same program.
   */
  async serve(name: string, args: readonly unknown[] = [], { host }: OnHost = { host: 1 }): Promise<App> {
    const line = this.line(host);
    const handle = `${this.rule}-${++this.handles}`;
    const made = await line.ask({ op: 'call', export: name, args: encode(args), keep: handle });
    const sent = `${name}(…)`;
    if (made.kind === 'threw') {
      throw new Unmet({ expected: 'a server', got: `it threw ${thrown(made.error)}`, sent });
    }
    if (made.kind === 'kept' && !made.shape.server && !made.shape.callable) {
      const expected = 'a server, as node:http’s createServer returns it';
      throw new Unmet({ expected, got: kindText(made.shape.type), sent });
    }
    const listening = await line.ask({ op: 'listen', handle });
    if (listening.kind === 'port') {
      const app = new App(line, {
        handle,
        port: listening.port,
        patience: this.patience,
        gate: this.gate,
      });
      this.apps.push({ host, app });
      return app;
    }
    throw new Unmet({ expected: 'a server that can listen', got: whyNot(listening), sent });
  }

  /** Calls an export that returns an object with methods; the object stays in the host. */
  async make(name: string, args: readonly unknown[] = [], { host }: OnHost = { host: 1 }): Promise<Made> {
    const line = this.line(host);
    const handle = `${this.rule}-${++this.handles}`;
    const made = await line.ask({ op: 'call', export: name, args: encode(args), keep: handle });
    const sent = callText(name, args);
    if (made.kind === 'threw')
      throw new Unmet({ expected: 'an object', got: `it threw ${thrown(made.error)}`, sent });
    if (made.kind === 'cannot') throw new Unmet({ expected: 'an object', got: made.why, sent });
    return new Made(line, { handle, name });
  }

  /**
   * A connection to a database that the suite shares with the program: hand over `itself`, and call its methods, such as
   * `exec`, once the program has it. `database(name)` opens one for each call.
   */
  connection(name: string, { host }: OnHost = { host: 1 }): Made {
    const handle = `${this.rule}-${++this.handles}`;
    const itself = new Dependency('database', { name, keep: handle });
    return new Made(this.line(host), { handle, name: 'db', itself });
  }

  /** Calls an export with plain arguments; what it returns comes back as plain data. */
  async call(
    name: string,
    args: readonly unknown[] = [],
    { host }: OnHost = { host: 1 },
  ): Promise<CallOutcome> {
    const result = await this.line(host).ask({ op: 'call', export: name, args: encode(args), keep: null });
    return outcomeOf(result, callText(name, args));
  }

  /** Several calls in one turn of the program's event loop; the outcomes come together, in order. */
  async batch(calls: readonly (readonly [name: string, args: readonly unknown[]])[]): Promise<CallOutcome[]> {
    const result = await this.line().ask({
      op: 'batch',
      calls: calls.map(([name, args]) => ({ export: name, args: encode(args) })),
    });
    if (result.kind !== 'batch') throw new Error(`a host answered ${result.kind} to a batch`);
    return result.results.map((each, index) => {
      const [name, args] = calls[index] ?? ['', []];
      return outcomeOf(each, callText(name, args));
    });
  }

  /** Calls an export and ends the rule unless it returns a value that `holds`. */
  async mustReturn(
    name: string,
    args: readonly unknown[],
    expected: string,
    holds: (value: never) => boolean,
  ): Promise<void> {
    const outcome = await this.call(name, args);
    let kept = false;
    try {
      kept = 'value' in outcome && holds(outcome.value as never);
    } catch {
      kept = false;
    }
    if (kept) return;
    const got = 'value' in outcome ? show(outcome.value) : `it threw ${thrown(outcome.threw)}`;
    throw new Unmet({ expected, got, sent: callText(name, args) });
  }

  /** Calls an export and ends the rule unless it returns just this. */
  async mustReturnValue(name: string, args: readonly unknown[], value: unknown): Promise<void> {
    await this.mustReturn(name, args, show(value), (actual) => same(actual, value));
  }

  /** Ends the rule if one of its processes is dead. `missing`: what the rule saw of it. */
  async checkAlive(missing: Unmet | null = null): Promise<void> {
    for (const line of this.lines.values()) await line.checkAlive(missing);
  }

  /** One of the learner's files as it is; null: it is not there. */
  async file(file: string): Promise<string | null> {
    const reply = await ask({ op: 'file', part: this.part, file, as: 'text' });
    if (reply.kind !== 'file') throw new Error(`the harness answered ${reply.kind}`);
    return reply.text;
  }

  /** One of the learner's files, read as YAML 1.2. A file that is missing or cannot be read ends the rule. */
  async yaml(file: string): Promise<Yaml> {
    const { value, lines } = await this.read(file, { op: 'yaml' }, `YAML in ${file}`);
    return new Yaml(file, value, lines);
  }

  /** One of the learner's files, read as a Dockerfile. One that is missing, or that no Docker would build, ends the rule. */
  async dockerfile(file: string): Promise<Dockerfile> {
    const { value } = await this.read(file, { op: 'dockerfile' }, `a Dockerfile in ${file}`);
    return new Dockerfile(file, value);
  }

  /** Which of `paths` a .dockerignore leaves out. One that is missing leaves nothing out. */
  async ignored(file: string, paths: readonly string[]): Promise<boolean[]> {
    if ((await this.file(file)) === null) return paths.map(() => false);
    const { value } = await this.read(file, { op: 'ignore', paths }, `patterns in ${file}`);
    return value as boolean[];
  }

  /** Ends the rule unless a file is as the Compose specification has it. */
  async mustBeCompose(file: string): Promise<Yaml> {
    const expected = `a Compose file in ${file}`;
    const { value, lines } = await this.read(file, { op: 'compose' }, expected);
    const { problems, file: content } = value as ComposeRead;
    const [problem] = problems;
    if (problem === undefined) return new Yaml(file, content, lines);
    const place = lines[problem.path] === undefined ? '' : `line ${lines[problem.path]}: `;
    throw new Unmet({ expected, got: `${place}${problem.message}` });
  }

  /** What actionlint says of one of the learner's files, a workflow of GitHub Actions. One that is missing ends the rule. */
  async actionlint(file: string): Promise<readonly Finding[]> {
    const { value } = await this.read(file, { op: 'lint' }, `a workflow in ${file}`);
    return value as Finding[];
  }

  private async read(file: string, as: TextQuestion, expected: string): Promise<TextRead> {
    const reply = await ask({ op: 'file', part: this.part, file, as });
    if (reply.kind === 'file') throw new Unmet({ expected, got: 'no such file' });
    if (reply.kind !== 'read') throw new Error(`the harness answered ${reply.kind}`);
    const { answer } = reply;
    if (answer.ok) return answer;
    throw new Unmet({
      expected,
      got: answer.line === null ? answer.why : `line ${answer.line}: ${answer.why}`,
    });
  }

  /** What lies where `place(name)` leads: a file and its size, or a folder and the names in it. Nothing is opened. */
  async found(name: string): Promise<FoundPlace> {
    const reply = await ask({ op: 'place', part: this.part, name });
    if (reply.kind !== 'place') throw new Error(`the harness answered ${reply.kind}`);
    return reply.found;
  }

  /** Starts a part of kind `program`. It ends with the rule at the latest. */
  async start(given: Start = {}): Promise<Program> {
    const program = await Program.start(given, { part: this.part, patience: this.patience, gate: this.gate });
    this.programs.push(program);
    return program;
  }

  /**
   * Ends a host at once, as a power cut would. What is asked of it next meets a fresh process on the same databases, which
   * knows nothing of what the old one kept in memory.
   */
  async kill({ host }: OnHost = { host: 1 }): Promise<void> {
    await this.line(host).kill();
    this.lines.delete(host);
    for (const { app } of this.apps.filter((each) => each.host === host)) app.drop();
    this.apps = this.apps.filter((each) => each.host !== host);
  }

  /** Waits for the death that a trap brings (see Statements.killOn), and clears it away. False: the host lives on. */
  async died({ host }: OnHost = { host: 1 }): Promise<boolean> {
    const line = this.line(host);
    const isDead = await eventually(() => line.isDead(), this.patience);
    if (isDead) await this.kill({ host });
    return isDead;
  }

  /** Waits until the program has done all that it can do by itself: no new call of a played function arrives. */
  async quiet(): Promise<void> {
    const count = (): number => [...this.players.values()].reduce((sum, { calls }) => sum + calls.length, 0);
    for (let before = -1, still = 0; still < 3; before = count()) {
      await this.settle();
      still = count() === before ? still + 1 : 0;
    }
  }

  /** A round through the program's event loop: what it threw on its way is known afterwards. */
  async settle(): Promise<void> {
    for (const line of this.lines.values()) await line.settle();
  }

  private line(host = 1): HostLine {
    const known = this.lines.get(host);
    if (known !== undefined) return known;
    const line = new HostLine({ part: this.part, host }, this.pace);
    this.lines.set(host, line);
    return line;
  }
}

/** Which host of the program is meant; 1 where nothing is said. */
export type OnHost = { host: number };

/** `type`: a type such as `string`, or what Object.prototype.toString says, such as `[object Object]`. */
function kindText(type: string): string {
  if (type.startsWith('[object ')) return `an object that is no HTTP server (${type.slice(8, -1)})`;
  return type === 'null' || type === 'undefined' ? type : `a ${type}`;
}

function whyNot(result: HostResult): string {
  if (result.kind === 'threw') return thrown(result.error);
  return result.kind === 'cannot' ? result.why : result.kind;
}
