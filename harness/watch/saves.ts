import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';

/**
 * How long nothing may happen before the files are looked at, in milliseconds. `first`: an editor writes a file in
 * several steps. `settled`: whoever takes a file away and puts it back has done both.
 */
const QUIET = { first: 12, settled: 150 };

/** Folders of editors and tools inside an exercise, however busy, say nothing about the program. */
const NOISE = new Set(['node_modules', '.git', '.idea', '.vscode', '.vs', '.fleet', 'hidden']);

export type SavesOptions = {
  /** The folder of all exercises: it stays when the exercise's own is deleted and made again. */
  exercises: string;
  /** The id of the exercise that is watched. */
  id: string;
  /**
   * Something may have been saved. It says nothing about what: swap files and backups come here too, and whoever looks
   * has to compare. `settled`: nothing more has happened for a while.
   */
  onSave: (settled: boolean) => void;
  /** Saves cannot be seen (any more). */
  onTrouble: (error: Error) => void;
};

/** The saves in one exercise's folder, as the operating system tells them; nothing is polled. */
export class Saves {
  private readonly watcher: FSWatcher;
  private readonly options: SavesOptions;
  private timers: NodeJS.Timeout[] = [];
  private closed = false;

  constructor(options: SavesOptions) {
    this.options = options;
    this.watcher = watch(options.exercises, {
      ignored: (path) => this.isNoise(path),
      ignoreInitial: true,
      // What an editor replaced is looked at right away; whether it changed is seen by its content.
      atomic: false,
      usePolling: false,
      followSymlinks: false,
      ignorePermissionErrors: true,
    });
    this.watcher.on('all', () => this.note());
    this.watcher.on('raw', () => this.note());
    this.watcher.on('error', (error) => {
      if (!this.closed) this.options.onTrouble(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** Resolves when every save from now on is seen. */
  async ready(): Promise<void> {
    await new Promise<void>((resolve) => this.watcher.once('ready', resolve));
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.watcher.close();
  }

  private note(): void {
    if (this.closed) return;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [
      setTimeout(() => this.options.onSave(false), QUIET.first),
      setTimeout(() => this.options.onSave(true), QUIET.settled),
    ];
  }

  private isNoise(path: string): boolean {
    const names = relative(this.options.exercises, path).split(sep);
    const [first = ''] = names;
    if (first !== '' && first !== this.options.id) return true;
    return names.some((name) => NOISE.has(name));
  }
}
