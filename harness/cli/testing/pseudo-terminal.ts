import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { BuiltWorkbook } from './built-workbook.ts';

/** How long anything on the screen is waited for, in milliseconds; a busy machine is slow. */
const WITHIN = 20_000;
const EVERY = 30;

/** Why there can be no pseudo-terminal here; null: there can. In CI it may not be missing. */
export function noTerminal(): string | null {
  if (process.platform === 'win32') return 'tmux does not run on Windows';
  if (spawnSync('tmux', ['-V']).status === 0) return null;
  if (process.env.CI !== undefined) throw new Error('tmux is missing: install it (see .ci/run)');
  return 'tmux is not installed';
}

export type TerminalSize = { columns?: number; rows?: number };

/** A command of a workbook in a terminal of its own, driven by keys and read from its screen, as a person would. */
export class PseudoTerminal {
  readonly pid: number;
  private readonly socket = `workbook-${randomUUID()}`;

  constructor(
    workbook: BuiltWorkbook,
    argv: readonly string[],
    { env = {}, columns = 80, rows = 40 }: TerminalSize & { env?: Record<string, string> } = {},
  ) {
    const line = workbook
      .commandLine(argv)
      .map((word) => `'${word}'`)
      .join(' ');
    const variables = { TMPDIR: workbook.temp, ...env };
    const assigned = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
    const { PATH = '', HOME = '' } = process.env;
    execFileSync(
      'tmux',
      [
        ...this.server(),
        '-f',
        '/dev/null',
        'set-option',
        '-g',
        'remain-on-exit',
        'on',
        ';',
        'new-session',
        '-d',
        '-s',
        'main',
        '-x',
        String(columns),
        '-y',
        String(rows),
        '-c',
        workbook.root,
        `exec env ${assigned.join(' ')} ${line}`,
      ],
      { env: { PATH, HOME, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', SHELL: '/bin/sh' } },
    );
    this.pid = Number(this.ask('#{pane_pid}'));
  }

  /** Presses keys, by tmux's names: `q`, `Enter`, `C-c`. */
  press(...keys: string[]): void {
    execFileSync('tmux', [...this.server(), 'send-keys', '-t', 'main', ...keys]);
  }

  /** What is to be seen; `past`: and what was scrolled away. */
  screen({ past = false } = {}): string {
    const more = past ? ['-S', '-'] : [];
    const args = [...this.server(), 'capture-pane', '-p', '-t', 'main', ...more];
    return execFileSync('tmux', args, { encoding: 'utf8' }).trimEnd();
  }

  /** Waits until the screen holds. Throws with the screen when it never does. */
  async shows(
    holds: string | RegExp | ((screen: string) => boolean),
    { past = false } = {},
  ): Promise<string> {
    const test =
      typeof holds === 'function'
        ? holds
        : (screen: string) => (typeof holds === 'string' ? screen.includes(holds) : holds.test(screen));
    let last = '';
    await until(
      () => test((last = this.screen({ past }))),
      () => `the screen never showed ${String(holds)}:\n${last}`,
    );
    return last;
  }

  /** Waits for the end of the command. The exit code; a signal counts as 128 and its number. */
  async ended(): Promise<number> {
    // tmux knows that the terminal was closed a moment before it knows how the process ended.
    const how = (): [status: string, signal: string] => [
      this.ask('#{pane_dead_status}'),
      this.ask('#{pane_dead_signal}'),
    ];
    const isKnown = (): boolean => {
      if (this.ask('#{pane_dead}') !== '1') return false;
      if (how().some((each) => each !== '')) return true;
      // tmux 3.3 sometimes misses the end of a process whose terminal was closed just before. This makes it look again.
      process.kill(Number(this.ask('#{pid}')), 'SIGCHLD');
      return false;
    };
    await until(isKnown, () => `the command did not end:\n${this.screen()}`);
    const [status, signal] = how();
    return signal === '' ? Number(status) : 128 + Number(signal);
  }

  /** As a window is closed: the terminal is gone. */
  close(): void {
    spawnSync('tmux', [...this.server(), 'kill-server']);
  }

  private ask(format: string): string {
    const args = [...this.server(), 'display-message', '-p', '-t', 'main', format];
    return execFileSync('tmux', args, { encoding: 'utf8' }).trim();
  }

  private server(): string[] {
    return ['-u', '-L', this.socket];
  }
}

/** Waits for something that comes by itself. */
export async function until(holds: () => boolean, why: () => string): Promise<void> {
  for (const end = performance.now() + WITHIN; !holds();) {
    if (performance.now() > end) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

/** The processes that belong to a workbook, whoever started them: their command lines. */
export function processesOf(workbook: BuiltWorkbook): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8', maxBuffer: 16 << 20 });
  return all.split('\n').filter((line) => line.includes(workbook.root) && !line.startsWith('tmux'));
}
