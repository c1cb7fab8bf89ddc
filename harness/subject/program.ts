import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { residentBytes } from './memory.ts';
import type { Enclosure, Excess } from './namespace/enclosure.ts';
import { Output } from './output.ts';
import { explainDeath } from './death.ts';
import type { Death } from './death.ts';

/** How a process ended: its exit code, or the signal that ended it. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** What is kept of stdout as lines, in characters. */
const LINES_LIMIT = 1 << 20;
const MEMORY_EVERY = 50;

export type ProgramOptions = {
  folder: string;
  env: Readonly<Record<string, string>>;
  /** Bytes. */
  memory: number;
  /** The namespace that the command starts the program in, see `Enclosure.command`. */
  enclosure?: Enclosure;
};

/**
 * A subject that runs as a whole process (kind `program`), met as an operating system meets it: arguments, environment,
 * signals, exit codes, lines on stdout. It has no pipe to us; nothing of ours runs in it.
 */
export class ProgramProcess {
  readonly output = new Output();
  /** Whole lines of stdout so far, without their ends. */
  readonly lines: string[] = [];
  /** Whether stdout had more than is kept. */
  truncated = false;
  /** Resolves when the process is gone and its output is read. */
  readonly ended: Promise<Exit>;
  private readonly child: ChildProcess;
  private readonly enclosure: Enclosure | null;
  private readonly decoder = new StringDecoder('utf8');
  private readonly timer: NodeJS.Timeout;
  private kept = 0;
  private rest = '';
  private exit: Exit | null = null;
  private spawnError: Error | null = null;
  private excess: Excess | null = null;

  constructor(command: string, args: readonly string[], options: ProgramOptions) {
    const { folder, env, memory, enclosure = null } = options;
    this.enclosure = enclosure;
    this.child = spawn(command, args, {
      cwd: folder,
      env,
      stdio:
        enclosure === null
          ? ['ignore', 'pipe', 'pipe']
          : ['ignore', 'pipe', 'pipe', 'ignore', 'ignore', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    enclosure?.attach(this.child);
    this.output.watch(this.child.stdout, this.child.stderr);
    this.child.stdout?.on('data', (chunk: Buffer) => this.read(this.decoder.write(chunk)));
    this.timer = setInterval(() => this.weigh(memory), MEMORY_EVERY);
    this.timer.unref();
    this.ended = new Promise((resolve) => {
      const gone = (exit: Exit): void => {
        clearInterval(this.timer);
        if (this.rest !== '') this.keep(this.rest);
        this.rest = '';
        this.exit = exit;
        resolve(exit);
      };
      this.child.once('error', (error) => {
        this.spawnError = error;
        gone({ code: null, signal: null });
      });
      this.child.once('exit', () => {
        // Its children go with it, and with them whatever keeps its output open.
        this.signalGroup('SIGKILL');
        setTimeout(() => this.letGo(), GRACE).unref();
      });
      this.child.once('close', (code, signal) =>
        gone(enclosure?.exitOf({ code, signal }) ?? { code, signal }),
      );
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** How it ended; null: it runs. */
  get exited(): Exit | null {
    return this.exit;
  }

  /** Its end as a sentence for the learner; null: it runs. */
  get death(): Death | null {
    if (this.exit === null) return null;
    const { spawnError, excess: sentence } = this;
    return explainDeath(this.exit, { spawnError, sentence, uncaught: null, text: this.output.tail });
  }

  /** Sends a signal to the process itself, as an operating system does that stops a service. */
  signal(signal: NodeJS.Signals): void {
    if (this.exit !== null) return;
    if (this.enclosure === null) this.child.kill(signal);
    else this.enclosure.signal(signal);
  }

  /** The port of this machine on which a port of the program is met. */
  async reach(port: number): Promise<number> {
    return this.enclosure === null ? port : await this.enclosure.reach(port);
  }

  /** The port of this machine on which the program finds Redis, if it may; null: nobody listens there. */
  async offerRedis(port: number | null): Promise<void> {
    await this.enclosure?.offerRedis(port);
  }

  /** Ends it and everything in its process group. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.signalGroup('SIGKILL');
    await this.ended;
  }

  private read(text: string): void {
    const parts = (this.rest + text).split('\n');
    this.rest = parts.pop() ?? '';
    for (const line of parts) this.keep(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (this.rest.length > LINES_LIMIT) {
      this.truncated = true;
      this.rest = '';
    }
  }

  private keep(line: string): void {
    this.kept += line.length + 1;
    if (this.kept > LINES_LIMIT) this.truncated = true;
    else this.lines.push(line);
  }

  private weigh(limit: number): void {
    const bytes = residentBytes(this.child.pid);
    const own: Excess | null =
      bytes !== null && bytes > limit ? { cause: 'memory', why: 'it used too much memory' } : null;
    const excess = this.enclosure === null ? own : this.enclosure.excess(limit);
    if (excess === null) return;
    this.excess ??= excess;
    this.signalGroup('SIGKILL');
  }

  private signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // ESRCH: it is gone already.
    }
  }

  private letGo(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.enclosure?.letGo();
  }
}

/** How long the last output of a process that ended is waited for, in milliseconds. */
const GRACE = 300;
