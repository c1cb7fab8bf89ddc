import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { frame, FrameReader, MESSAGE_LIMIT } from '../message/frame.ts';
import type { HostEvent, HostRequest, HostResult } from '../message/host.ts';
import { parseHostMessage } from '../message/reply.ts';
import type { Enclosure } from './namespace/enclosure.ts';
import { explainDeath } from './death.ts';
import type { Death, Exit } from './death.ts';
import { Heartbeat, PING_EVERY } from './heartbeat.ts';
import { residentBytes } from './memory.ts';
import { Output } from './output.ts';

/** Limits of one host. Times in milliseconds, sizes in bytes. */
export type Limits = {
  /** The event loop may stand still this long. */
  stall: number;
  memory: number;
};

export const USUAL_LIMITS: Limits = { stall: 2_000, memory: 600 * 1024 * 1024 };

export type Reply = { kind: 'reply'; result: HostResult } | { kind: 'dead'; death: Death } | { kind: 'late' };

/** A beginner knows the loop, not the event loop. */
const BUSY = 'without a pause, and nothing else in it could run (a loop without an end?)';

const MEMORY_EVERY = 50;

/** How long the last output and the exit status of a dying process are waited for. */
const GRACE = 300;

/** What a host can truly answer, besides that something threw. Anything else was written by the program itself. */
const ANSWERS: Readonly<Record<HostRequest['op'], readonly HostResult['kind'][]>> = {
  load: ['loaded', 'cannot'],
  reset: ['done'],
  call: ['value', 'kept', 'cannot'],
  batch: ['batch', 'cannot'],
  listen: ['port', 'cannot'],
  close: ['done'],
  connections: ['count', 'cannot'],
  computed: ['count'],
  waiting: ['done'],
  advance: ['done'],
  flow: ['done'],
  answer: ['done'],
  trap: ['done'],
  disarm: ['done'],
  statements: ['texts', 'cannot'],
  'sql-open': ['done', 'cannot'],
  'sql-run': ['value', 'cannot'],
  tests: ['value', 'cannot'],
  ping: ['count'],
};

/** Calls of played functions are kept by the suite: more than this, in bytes, is no program that works. */
const CALLED_LIMIT = 16 << 20;

type Pending = { op: HostRequest['op']; resolve: (reply: Reply) => void; timer: NodeJS.Timeout | null };

/**
 * A child process that loads a subject, seen from outside: requests and replies over a pipe of its own, a watch on its
 * event loop, its memory and its output, and an end that takes its whole process group along.
 */
export class HostProcess {
  readonly output = new Output();
  /** Resolves when the process is gone. */
  readonly ended: Promise<Death>;
  /** Told when the program calls a function that the suite plays. */
  onCalled: (event: Extract<HostEvent, { event: 'called' }>) => void = () => {};
  private readonly child: ChildProcess;
  private readonly enclosure: Enclosure | null;
  private readonly pipe: Duplex;
  /** What a dying host says, see host/channel.ts; and how one that stands still is let go. */
  private readonly lastWords: Duplex;
  private readonly pending = new Map<number, Pending>();
  private readonly limits: Limits;
  private nextId = 1;
  private death: Death | null = null;
  private sentence: Pick<Death, 'cause' | 'why'> | null = null;
  private uncaught: Death['error'] = null;
  private watchTimers: NodeJS.Timeout[] = [];
  private readonly readyWait: Promise<void>;
  private markReady: () => void = () => {};
  private wasReady = false;
  private calledBytes = 0;
  /** Whether it asked for something since the last beat, and stood still until it was answered. */
  private hasAsked = false;
  private pause: { stands: boolean; wake: () => void } = { stands: false, wake: () => {} };

  constructor(command: string, args: readonly string[], options: HostOptions) {
    deafToDebugSignal();
    this.limits = options.limits;
    this.readyWait = new Promise((resolve) => (this.markReady = resolve));
    this.enclosure = options.enclosure ?? null;
    this.child = spawn(command, args, {
      cwd: options.folder,
      env: options.env,
      stdio: [
        'ignore',
        'pipe',
        'pipe',
        'pipe',
        'pipe',
        ...(this.enclosure === null ? [] : ['pipe' as const]),
      ],
      // A process group of its own, so that children of the subject end with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.enclosure?.attach(this.child);
    this.pipe = this.child.stdio[3] as Duplex;
    this.lastWords = this.child.stdio[4] as Duplex;
    this.output.watch(this.child.stdout, this.child.stderr);
    for (const pipe of [this.pipe, this.lastWords]) {
      const reader = new FrameReader();
      pipe.on('data', (chunk: Buffer) => this.receive(reader, chunk));
    }
    this.lastWords.on('error', () => {});
    this.pipe.on('error', () => this.pipeEnded());
    this.pipe.on('end', () => this.pipeEnded());
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(this.finish({ code: null, signal: null }, error)));
      this.child.once('close', (code, signal) => resolve(this.finish({ code, signal }, null)));
    });
    this.child.once('exit', () => {
      this.killGroup();
      // A child of the subject that left the group and kept our pipes open would keep `close` from coming.
      this.later(() => this.letGo());
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get dead(): Death | null {
    return this.death;
  }

  /** Resolves when the host has booted (or died). */
  async ready(): Promise<void> {
    await Promise.race([this.readyWait, this.ended]);
  }

  /** Asks the host. `within`: milliseconds until the answer counts as late; null: the watch alone decides. */
  request(request: HostRequest, within: number | null): Promise<Reply> {
    if (this.death !== null) return Promise.resolve({ kind: 'dead', death: this.death });
    const id = this.nextId++;
    const message = frame(JSON.stringify({ id, ...request }));
    if (message.length > MESSAGE_LIMIT)
      throw new RangeError(`a request of ${message.length} bytes is too long for a host`);
    return new Promise((resolve) => {
      const timer =
        within === null
          ? null
          : setTimeout(() => {
              this.pending.delete(id);
              resolve({ kind: 'late' });
            }, within);
      this.pending.set(id, { op: request.op, resolve, timer });
      this.pipe.write(message);
    });
  }

  /** Watches the event loop and the memory until `unwatch` or the end. */
  watch(): void {
    if (this.watchTimers.length > 0 || this.death !== null) return;
    const heartbeat = new Heartbeat(this.child.pid, this.limits.stall, () =>
      this.request({ op: 'ping' }, null),
    );
    const listen = (): void => {
      // A host that still boots, or that a trap holds, is not busy; nor is one that waits for us, call after call.
      const isExcused = this.pause.stands || !this.wasReady || this.hasAsked;
      this.hasAsked = false;
      if (heartbeat.isBusy(isExcused))
        this.condemn('hung', `it was busy for more than ${this.limits.stall / 1000} seconds ${BUSY}`);
    };
    listen();
    this.watchTimers = [setInterval(listen, PING_EVERY), setInterval(() => this.weigh(), MEMORY_EVERY)];
    for (const timer of this.watchTimers) timer.unref();
  }

  /**
   * Waits until the program stands still before a statement. A program that only claims to stands still to its own harm:
   * the rule's other limits hold, and the host ends with its rule.
   */
  async paused(within: number): Promise<boolean> {
    if (this.pause.stands || this.death !== null) return this.pause.stands;
    const timer = new Promise<void>((resolve) => {
      const id = setTimeout(resolve, within);
      this.pause.wake = () => {
        clearTimeout(id);
        resolve();
      };
    });
    await Promise.race([timer, this.ended]);
    this.pause.wake();
    return this.pause.stands;
  }

  /** Lets a program go on that stands still. */
  release(): void {
    if (!this.pause.stands) return;
    this.pause = { stands: false, wake: () => {} };
    this.lastWords.write('.');
  }

  /** Answers a process that stands still until it is answered. */
  answerNow(text: string): void {
    this.lastWords.write(frame(text));
  }

  unwatch(): void {
    for (const timer of this.watchTimers) clearInterval(timer);
    this.watchTimers = [];
  }

  /** Ends the host and everything in its process group. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.sentence ??= { cause: 'exited', why: 'the workbook ended it' };
    this.killGroup();
    await this.ended;
  }

  private condemn(cause: Death['cause'], why: string): void {
    if (this.death !== null) return;
    this.sentence ??= { cause, why };
    this.killGroup();
  }

  private killGroup(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      // ESRCH: it is gone already.
    }
  }

  private letGo(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.lastWords.destroy();
    this.pipe.destroy();
    this.enclosure?.letGo();
  }

  /** A dying process closes the pipe before its exit is known; only one that lives on closed it by itself. */
  private pipeEnded(): void {
    this.later(() => this.condemn('crashed', 'it closed file descriptor 3, the pipe of the workbook'));
  }

  private later(run: () => void): void {
    // Once around the event loop: what arrived while this process was starved is read first.
    setTimeout(() => setImmediate(run), GRACE).unref();
  }

  private weigh(): void {
    if (this.enclosure !== null) {
      const excess = this.enclosure.excess(this.limits.memory);
      if (excess !== null) this.condemn(excess.cause, excess.why);
      return;
    }
    const bytes = residentBytes(this.child.pid);
    if (bytes !== null && bytes > this.limits.memory) {
      this.condemn(
        'memory',
        `it used more than ${Math.round(this.limits.memory / 1024 / 1024)} MB of memory`,
      );
    }
  }

  private receive(reader: FrameReader, chunk: Buffer): void {
    const read = reader.push(chunk);
    if (read.kind === 'broken') return this.garbled();
    for (const text of read.texts) {
      // What a host says after its sentence counts no more, or its end would depend on the moment.
      if (this.sentence !== null) return;
      const message = parseHostMessage(text);
      if (message === null) return this.garbled();
      if ('event' in message) {
        this.hear(message);
        continue;
      }
      const pending = this.pending.get(message.id);
      // Late answers are dropped quietly; an id that was never given out is a forgery.
      if (pending === undefined) {
        if (message.id <= 0 || message.id >= this.nextId) return this.garbled();
        continue;
      }
      const { kind } = message.result;
      if (kind !== 'threw' && !ANSWERS[pending.op].includes(kind)) return this.garbled();
      this.pending.delete(message.id);
      if (pending.timer !== null) clearTimeout(pending.timer);
      pending.resolve({ kind: 'reply', result: message.result });
    }
  }

  private hear(event: HostEvent): void {
    switch (event.event) {
      case 'uncaught':
        this.uncaught ??= event.error;
        return;
      case 'called':
        this.calledBytes += event.args.length + 100;
        if (this.calledBytes > CALLED_LIMIT) {
          this.condemn('hung', 'it called a function it was given again and again, without end');
          return;
        }
        this.hasAsked ||= event.call < 0;
        this.onCalled(event);
        return;
      case 'paused':
        this.pause.stands = true;
        this.pause.wake();
        return;
      case 'ready':
        this.becomeReady();
    }
  }

  private becomeReady(): void {
    if (this.wasReady) return this.garbled();
    this.wasReady = true;
    this.markReady();
  }

  private garbled(): void {
    this.condemn('crashed', 'it wrote to file descriptor 3, the pipe of the workbook');
  }

  private finish(exit: Exit, spawnError: Error | null): Death {
    this.unwatch();
    this.death = explainDeath(this.enclosure?.exitOf(exit) ?? exit, {
      spawnError,
      sentence: this.sentence,
      uncaught: this.uncaught,
      text: this.output.tail,
    });
    for (const { resolve, timer } of this.pending.values()) {
      if (timer !== null) clearTimeout(timer);
      resolve({ kind: 'dead', death: this.death });
    }
    this.pending.clear();
    this.markReady();
    return this.death;
  }
}

/** On SIGUSR1 Node.js opens a port to run code in it, and a host may send signals. Whoever listens for it takes its place. */
function deafToDebugSignal(): void {
  if (process.platform !== 'win32' && process.listenerCount('SIGUSR1') === 0) process.on('SIGUSR1', () => {});
}

export type HostOptions = {
  folder: string;
  env: Record<string, string>;
  limits: Limits;
  /** The namespace that the command starts the host in, see `Enclosure.command`. */
  enclosure?: Enclosure;
};
