import type { ChildProcess } from 'node:child_process';
import { vi } from 'vitest';

/** How long something is waited for that a process is to print, in milliseconds. */
const WITHIN = 30_000;

/** A process that stays, and what it prints. Whoever starts one ends it with `stop`. */
export class Started {
  readonly child: ChildProcess;
  out = '';
  err = '';
  /** Resolves when it is gone: its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => void (this.out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => void (this.err += text));
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  /** Waits until it has printed this. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return await vi.waitFor(
      () => {
        const found = pattern.exec(this.out);
        if (found === null) throw new Error(`not printed: ${String(pattern)}\n${this.out}\n${this.err}`);
        return found;
      },
      { timeout: WITHIN, interval: 20 },
    );
  }

  /** Sends a signal, and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    this.child.kill(signal);
    return await this.ended;
  }
}

/** Waits until there is no process of this id any more. */
export async function gone(pid: number): Promise<void> {
  await vi.waitFor(
    () => {
      let lives = true;
      try {
        process.kill(pid, 0);
      } catch {
        lives = false;
      }
      if (lives) throw new Error(`process ${pid} is still there`);
    },
    { timeout: 5_000, interval: 20 },
  );
}
