import type { Readable } from 'node:stream';
import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';
import type { SubjectFiles } from '../check/files.ts';

/** Editors write a file in several steps; this long after the last one it is read, in milliseconds. */
const QUIET = 80;

/** Why a served program is started again; `gone`: nobody reads what is printed any more. */
export type Wake = { kind: 'changed' | 'again'; files: SubjectFiles } | { kind: 'gone' };

/** What a `Waker` listens to. `input`: null when nobody types. */
export type Signals = {
  folder: string;
  load: () => Promise<SubjectFiles>;
  input: Readable | null;
  /** Resolves when the output has lost its reader. */
  gone: Promise<void>;
};

/** Waits for the learner: a file of theirs that is saved, or `r` and Enter. */
export class Waker {
  private readonly signals: Signals;
  private readonly watcher: FSWatcher;
  private timer: NodeJS.Timeout | null = null;
  /** What has happened since the last look. */
  private saved = false;
  private asked = false;
  private isGone = false;
  private wake: () => void = () => {};
  private typed = '';

  constructor(signals: Signals) {
    this.signals = signals;
    this.watcher = watch(signals.folder, {
      ignoreInitial: true,
      ignored: /[\\/](hidden|node_modules|\.git)$/,
    });
    this.watcher.on('all', () => this.soon());
    // A folder that cannot be watched, or too many of them: `r` is still there.
    this.watcher.on('error', () => {});
    signals.input?.on('data', this.hear);
    void signals.gone.then(() => {
      this.isGone = true;
      this.wake();
    });
  }

  /** Resolves when the folder is watched. */
  async ready(): Promise<void> {
    await new Promise<void>((resolve) => this.watcher.once('ready', resolve));
  }

  /** Waits for the next reason to start again. `digest`: of the files that run now; only other ones are a change. */
  async next(digest: string): Promise<Wake> {
    for (;;) {
      if (this.isGone) return { kind: 'gone' };
      if (this.asked || this.saved) {
        const { asked } = this;
        this.asked = false;
        this.saved = false;
        const files = await this.signals.load();
        const isChanged = files.digests.files !== digest;
        if (isChanged || asked) return { kind: isChanged ? 'changed' : 'again', files };
        continue;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.signals.input?.off('data', this.hear);
    this.signals.input?.pause();
    await this.watcher.close();
  }

  private readonly hear = (chunk: Buffer | string): void => {
    const lines = (this.typed + chunk.toString()).split(/\r?\n/);
    this.typed = (lines.pop() ?? '').slice(-100);
    if (!lines.some((line) => line.trim().toLowerCase() === 'r')) return;
    this.asked = true;
    this.wake();
  };

  private soon(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.saved = true;
      this.wake();
    }, QUIET);
  }
}
