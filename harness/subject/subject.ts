import type { Part } from '../catalog/exercise.ts';
import type { HostEvent, HostRequest } from '../message/host.ts';
import { decode } from '../message/plain.ts';
import { accessKey, enclosed, endHost, programFlags, runsInHost, surroundings } from './boot.ts';
import type { BootOptions, LiveHost } from './boot.ts';
import { underCeiling, USUAL_CEILING } from './ceiling.ts';
import { atExit } from './exit.ts';
import { hostEnvironment } from './isolation.ts';
import { Kit } from './kit.ts';
import { OUTPUT_LIMIT } from './output.ts';
import { PATIENCE } from './patience.ts';
import { USUAL_LIMITS } from './process.ts';
import type { Death } from './death.ts';
import type { Reply } from './process.ts';
import { ProgramProcess } from './program.ts';
import { loadFailure } from './load-failure.ts';
import type { LoadFailure } from './load-failure.ts';
import { Scratch } from './scratch.ts';
import { Stage } from './stage.ts';
import type { FoundPlace } from './stage.ts';

/** One part of a subject, ready to be loaded. `text` null: a part of SQL files, which brings no code. */
export type CompiledPart = {
  part: Part;
  text: string | null;
  /** The learner's files, where the suite runs them by name (kind `sql`). */
  sources?: ReadonlyMap<string, string>;
};

/** Which host of a part is meant: several may run the same program side by side. */
export type HostAddress = { part: string; host: number };

/** What a host says unasked, and who says it. */
export type SubjectEvent = HostAddress & { event: Extract<HostEvent, { event: 'called' }> };

export type SubjectOptions = BootOptions & {
  parts: readonly CompiledPart[];
  /** Where the clock stands when a rule begins, in milliseconds since 1970. */
  now: number;
  /** The seed of ids. */
  seed: number;
  /** Told when a function that the suite plays is called. */
  onEvent?: (event: SubjectEvent) => void;
  /** Made ahead of time for a subject of these parts; the subject ends it. */
  kit?: Kit;
};

type Loaded = { ok: true; host: LiveHost } | { ok: false; failure: LoadFailure };

type LiveProgram = { process: ProgramProcess; scratch: Scratch; release: () => void };

/**
 * The code being judged, as the trusted side sees it: a host for each part (or several), started when it is first met,
 * replaced when it died. Every way to end it goes through `dispose`.
 */
export class Subject {
  private options: SubjectOptions;
  private readonly pace: number;
  private readonly live = new Map<string, Promise<Loaded>>();
  private readonly programs: LiveProgram[] = [];
  private readonly kit: Kit;
  private readonly printed: { text: string; truncated: boolean }[] = [];
  /** Every host that was taken and has not been ended. */
  private readonly taken = new Set<LiveHost>();
  private abandoned = false;
  private round = 1;
  /** The port on which programs find Redis, at isolation level `namespace`; null: nobody listens. */
  private redis: number | null = null;
  private stage: Stage;
  private printTo: ((chunk: Buffer) => void) | null = null;

  constructor(options: SubjectOptions) {
    this.options = options;
    this.pace = options.pace ?? 1;
    const parts = options.parts.map(({ part }) => part);
    this.kit = options.kit ?? new Kit(parts, options);
    this.stage = this.newStage('start');
  }

  /** Boots a host that has loaded nobody's code, for whoever needs one first. A kit that was given has what is needed. */
  warm(): void {
    const hosted = this.options.parts.filter(({ part }) => runsInHost(part));
    const [first] = hosted;
    if (first === undefined || this.options.kit !== undefined || this.kit.hasSpare) return;
    const key = accessKey(first.part);
    if (hosted.every(({ part }) => accessKey(part) === key)) this.kit.add(first.part);
  }

  /** Ends every host at once and starts no other: whatever is asked from now on is answered as by a dead program. */
  abandon(): void {
    this.abandoned = true;
    for (const host of this.taken) void host.process.kill();
    for (const { process: program } of this.programs) void program.kill();
  }

  /** Where all its databases lie, absolute; null: it has none. */
  get folder(): string | null {
    return this.kit.shared?.folder ?? null;
  }

  /** Loads a part unless it is loaded, and waits for it. */
  async load(part: string): Promise<LoadFailure | null> {
    const kind = this.options.parts.find((each) => each.part.name === part)?.part;
    if (kind !== undefined && !runsInHost(kind)) return null;
    const loaded = await this.loaded({ part, host: 1 });
    return loaded.ok ? null : loaded.failure;
  }

  /** How the host died, or null while it lives or was never met. */
  async death(at: HostAddress): Promise<Death | null> {
    const loaded = await this.live.get(keyOf(at));
    if (loaded?.ok !== true) return null;
    // A connection breaks a moment before the death of its process is known: a round to the host waits for either.
    await loaded.host.process.request({ op: 'ping' }, DEATH_WITHIN);
    return loaded.host.process.dead;
  }

  /** How the host ends, when it does; never, when it was never met. */
  async ended(at: HostAddress): Promise<Death> {
    const loaded = await this.live.get(keyOf(at));
    return await (loaded?.ok === true ? loaded.host.process.ended : new Promise<never>(() => {}));
  }

  /** The clocks of all hosts go by themselves from now on, until the next rule begins. */
  async flow(): Promise<void> {
    for (const loaded of await Promise.all(this.live.values())) {
      if (loaded.ok) await loaded.host.process.request({ op: 'flow' }, PATIENCE.call * this.pace);
    }
  }

  /** Passes on what the hosts print from now on, as it comes. */
  print(to: (chunk: Buffer) => void): void {
    this.printTo = to;
  }

  /** Ends every host; the next request meets a fresh one. */
  async renew(): Promise<void> {
    const all = [...this.live.values()];
    this.live.clear();
    const loaded = await Promise.all(all);
    await Promise.all(loaded.flatMap((each) => (each.ok ? [this.end(each.host)] : [])));
    await this.endPrograms();
  }

  /** Ends one host, as a power cut would. The next request to it meets a fresh one on the same files. */
  async kill(at: HostAddress): Promise<void> {
    const loading = this.live.get(keyOf(at));
    this.live.delete(keyOf(at));
    const loaded = await loading;
    if (loaded?.ok === true) await this.end(loaded.host);
  }

  /** Clears away hosts that died since they were last met, and tells why each did. */
  async buryDead(): Promise<string[]> {
    const whys: string[] = [];
    for (const [key, loading] of this.live) {
      const loaded = await loading;
      if (!loaded.ok || loaded.host.process.dead === null) continue;
      whys.push(loaded.host.process.dead.why);
      this.live.delete(key);
      await this.end(loaded.host);
    }
    return whys;
  }

  /**
   * From the next rule on the clock begins at another instant, and ids come from another seed. A rule that runs once more
   * finds nothing of its first run.
   */
  restage(now: number, seed: number): void {
    this.options = { ...this.options, now, seed };
    this.round++;
  }

  /**
   * A rule begins: the clock stands at its start, and nothing of the rule before is left. `name`: for its folder. `redis`:
   * the address of its Redis, when it has one.
   */
  async begin(name: string, redis: string | null = null): Promise<void> {
    const { now } = this.options;
    await this.endPrograms();
    for (const loaded of await Promise.all(this.live.values())) {
      if (loaded.ok) await loaded.host.process.request({ op: 'reset', now }, PATIENCE.call * this.pace);
    }
    this.stage = this.newStage(name, redis);
    await this.offerRedis(redis);
  }

  /**
   * Lets the programs find Redis at its address, wherever they run; null: nobody listens there, as when Redis is down. Only
   * a namespace has to be told.
   */
  async offerRedis(address: string | null): Promise<void> {
    this.redis = address === null ? null : Number(new URL(address).port);
    const hosts = await Promise.all(this.live.values());
    await Promise.all([
      ...hosts.map((loaded) => (loaded.ok ? loaded.host.enclosure?.offerRedis(this.redis) : undefined)),
      ...this.programs.map((program) => program.process.offerRedis(this.redis)),
    ]);
  }

  /** Where the database of this name lies for the rule that runs. */
  databaseFile(name: string): string {
    return this.stage.databaseFile(name);
  }

  /** What lies at a place of this name in the rule that runs. */
  found(name: string): FoundPlace {
    return this.stage.found(name);
  }

  /** The text of one of the learner's files, for parts of kind `sql`. */
  sourceOf(part: string, file: string): string | null {
    return this.options.parts.find((each) => each.part.name === part)?.sources?.get(file) ?? null;
  }

  /**
   * Calls an export. What its arguments describe is put on disk first. `keep`: the name under which the result stays in
   * the host.
   */
  async call(
    at: HostAddress,
    call: { export: string; args: string; keep: string | null; on?: string },
  ): Promise<Reply> {
    return await this.ask(at, ({ scratch }) => ({
      op: 'call',
      ...call,
      args: this.stage.place(call.args, scratch),
    }));
  }

  /** Several calls in one turn of the host's event loop. */
  async batch(
    at: HostAddress,
    calls: readonly { export: string; args: string; on?: string }[],
    on: { on?: string } = {},
  ): Promise<Reply> {
    return await this.ask(at, ({ scratch }) => ({
      op: 'batch',
      ...on,
      calls: calls.map((call) => ({ ...call, args: this.stage.place(call.args, scratch) })),
    }));
  }

  /**
   * Starts a part of kind `program` as a process of its own. `given`: text made by `encode`, an object with `args` and
   * `env`, in which dependencies stand for places on this disk.
   */
  startProgram(part: string, given: string): ProgramProcess {
    const compiled = this.options.parts.find((each) => each.part.name === part);
    if (compiled?.text == null) throw new Error(`no part ${part} that is a program`);
    const scratch = new Scratch();
    scratch.linkPackages(this.options.root, compiled.part.packages);
    const file = scratch.writeSubject(compiled.text);
    const decoded = decode(this.stage.place(given, scratch));
    if (!decoded.ok) throw new Error(decoded.why);
    const { args, env } = decoded.value as { args: string[]; env: Record<string, string> };
    const { pace = 1 } = this.options;
    const flags = programFlags(compiled.part, this.options, scratch, this.kit.shared);
    const node = [...flags, file, ...args];
    const { cpuSeconds } = USUAL_CEILING;
    const enclosure = enclosed(compiled.part, this.options, scratch, this.kit.shared, this.redis);
    const started =
      enclosure?.command(process.execPath, node, []) ??
      underCeiling(process.execPath, node, { cpuSeconds: cpuSeconds * pace });
    const program = new ProgramProcess(started.command, started.args, {
      folder: scratch.folder,
      env: { ...hostEnvironment({ ...surroundings(enclosure), ...this.options.env }), ...env },
      memory: USUAL_LIMITS.memory,
      ...(enclosure === null ? {} : { enclosure }),
    });
    const release = atExit(() => void program.kill());
    this.programs.push({ process: program, scratch, release });
    return program;
  }

  /** Any other request of the host's protocol. `within`: milliseconds. */
  async ask(
    at: HostAddress,
    request: (host: LiveHost) => HostRequest,
    within: number = PATIENCE.call * this.pace,
  ): Promise<Reply> {
    const loaded = await this.loaded(at);
    if (!loaded.ok) return { kind: 'reply', result: { kind: 'cannot', why: loaded.failure.message } };
    const { process: host, enclosure } = loaded.host;
    if (!this.options.inspect) host.watch();
    const asked = request(loaded.host);
    const reply = await host.request(asked, this.options.inspect ? null : within);
    return enclosure === null ? reply : await enclosure.relayed(asked, reply);
  }

  /** Waits until a trap has made the host stand still. False: it did not happen within that many milliseconds. */
  async paused(at: HostAddress, within: number): Promise<boolean> {
    const loaded = await this.loaded(at);
    return loaded.ok && (await loaded.host.process.paused(within));
  }

  /** Lets a host that stands still go on. */
  async release(at: HostAddress): Promise<void> {
    const loaded = await this.loaded(at);
    if (loaded.ok) loaded.host.process.release();
  }

  /** What all hosts printed so far. */
  output(): { text: string; truncated: boolean } {
    const text = Buffer.from(this.printed.map((each) => each.text).join(''));
    const truncated = text.length > OUTPUT_LIMIT || this.printed.some((each) => each.truncated);
    return { text: text.subarray(0, OUTPUT_LIMIT).toString('utf8'), truncated };
  }

  async dispose(): Promise<void> {
    await this.renew();
    await this.kit.dispose();
  }

  private async endPrograms(): Promise<void> {
    await Promise.all(
      this.programs.splice(0).map(async ({ process: program, scratch, release }) => {
        await program.kill();
        release();
        scratch.remove();
        this.printed.push({ text: program.output.text, truncated: program.output.truncated });
      }),
    );
  }

  private newStage(name: string, redis: string | null = null): Stage {
    return new Stage(
      this.kit.shared?.folder ?? null,
      this.round === 1 ? name : `${name}-round-${this.round}`,
      this.options.seed,
      redis,
    );
  }

  private loaded(at: HostAddress): Promise<Loaded> {
    const known = this.live.get(keyOf(at));
    if (known !== undefined) return known;
    const compiled = this.options.parts.find((each) => each.part.name === at.part);
    if (compiled === undefined) throw new Error(`no part is called ${at.part}`);
    const within = PATIENCE.load * this.pace;
    const loading = this.start(at, compiled, within).then(async (first) =>
      // A slow machine is no fault of the learner's: what was late is tried once more, with more time.
      !first.ok && first.failure.cause === 'hung' && !this.abandoned
        ? await this.start(at, compiled, 2 * within)
        : first,
    );
    this.live.set(keyOf(at), loading);
    return loading;
  }

  private async start(at: HostAddress, compiled: CompiledPart, within: number): Promise<Loaded> {
    if (this.abandoned) return { ok: false, failure: ABANDONED };
    const host = this.kit.take(compiled.part);
    this.taken.add(host);
    if (!this.options.inspect) host.process.output.echo({ write: (chunk) => this.printTo?.(chunk) });
    host.process.onCalled = (event) => this.options.onEvent?.({ ...at, event });
    const file = compiled.text === null ? null : host.scratch.writeSubject(compiled.text);
    if (!this.options.inspect) host.process.watch();
    const load = { op: 'load', file, now: this.options.now } as const;
    const reply = await host.process.request(load, this.options.inspect ? null : within);
    const failure = loadFailure(reply, compiled.part, within);
    if (failure === null) {
      await host.enclosure?.offerRedis(this.redis);
      return { ok: true, host };
    }
    await this.end(host);
    return { ok: false, failure };
  }

  private async end(host: LiveHost): Promise<void> {
    this.taken.delete(host);
    await endHost(host);
    this.printed.push({ text: host.process.output.text, truncated: host.process.output.truncated });
  }
}

/** How long a host may take to answer when it is asked whether it lives, in milliseconds; one that is busy does live. */
const DEATH_WITHIN = 300;

const ABANDONED: LoadFailure = {
  kind: 'load',
  message: 'The check was abandoned.',
  stack: null,
  cause: 'exited',
};

function keyOf({ part, host }: HostAddress): string {
  return `${part}#${host}`;
}
