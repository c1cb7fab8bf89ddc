import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { residentBytes } from './memory.ts';
import { Output } from './output.ts';
import { explainDeath } from './process.ts';
import type { Death } from './process.ts';

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
  private readonly decoder = new StringDecoder('utf8');
  private readonly timer: NodeJS.Timeout;
  private kept = 0;
  private rest = '';
  private exit: Exit | null = null;
  private spawnError: Error | null = null;
  private overweight = false;

  constructor(command: string, args: readonly string[], { folder, env, memory }: ProgramOptions) {
    this.child = spawn(command, args, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
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
      this.child.once('close', (code, signal) => gone({ code, signal }));
    });
  }

  /** How it ended; null: it runs. */
  get exited(): Exit | null {
    return this.exit;
  }

  /** Its end as a sentence for the learner; null: it runs. */
  get death(): Death | null {
    if (this.exit === null) return null;
    const { spawnError } = this;
    const sentence: Pick<Death, 'cause' | 'why'> | null = this.overweight
      ? { cause: 'memory', why: 'it used too much memory' }
      : null;
    return explainDeath(this.exit, { spawnError, sentence, uncaught: null, text: this.output.tail });
  }

  /** Sends a signal to the process itself, as an operating system does that stops a service. */
  signal(signal: NodeJS.Signals): void {
    if (this.exit === null) this.child.kill(signal);
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
    if (bytes === null || bytes <= limit) return;
    this.overweight = true;
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
  }
}

/** How long the last output of a process that ended is waited for, in milliseconds. */
const GRACE = 300;
