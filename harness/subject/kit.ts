import type { Part } from '../catalog/exercise.ts';
import { accessKey, bootHost, endHost, writesFiles } from './boot.ts';
import type { BootOptions, LiveHost } from './boot.ts';
import { Scratch } from './scratch.ts';

/**
 * What one subject works with: the folder for its databases, and hosts that were booted ahead of time and have loaded
 * nobody's code. It belongs to one subject, and ends with it.
 */
export class Kit {
  /** Where databases lie, for all hosts; null when no part needs one. */
  readonly shared: Scratch | null;
  private readonly options: BootOptions;
  private readonly spare: { key: string; host: LiveHost }[] = [];
  /** How many hosts were taken. */
  used = 0;

  constructor(parts: readonly Part[], options: BootOptions) {
    this.options = options;
    this.shared = parts.some(writesFiles) ? new Scratch() : null;
  }

  /** Boots a host for this part ahead of time. */
  add(part: Part): void {
    this.spare.push({ key: accessKey(part), host: bootHost(part, this.options, this.shared) });
  }

  get hasSpare(): boolean {
    return this.spare.length > 0;
  }

  /** A host for this part: a spare one where there is one. */
  take(part: Part): LiveHost {
    this.used++;
    const index = this.spare.findIndex(
      ({ key, host }) => key === accessKey(part) && host.process.dead === null,
    );
    const [spare] = index === -1 ? [] : this.spare.splice(index, 1);
    // Somebody waits for this one.
    return spare?.host ?? bootHost(part, { ...this.options, rehearse: false }, this.shared);
  }

  /** Resolves when all spare hosts have booted. */
  async ready(): Promise<void> {
    await Promise.all(this.spare.map(({ host }) => host.process.ready()));
  }

  /** Ends what is still spare, and removes the folder of the databases. */
  async dispose(): Promise<void> {
    await Promise.all(this.spare.splice(0).map(({ host }) => endHost(host)));
    this.shared?.remove();
  }
}
