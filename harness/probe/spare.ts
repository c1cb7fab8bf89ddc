import { join } from 'node:path';
import { startProbe } from './process.ts';
import type { ProbePlace, StartedProbe } from './process.ts';

/**
 * Probes for the databases of one subject, booted ahead of time. Each still answers one request and ends. They may reach
 * the folder of all databases of this subject, where a probe that is started for a request may reach that of one rule.
 */
export class SpareProbes {
  /** How many were asked for, whether or not there was a spare one. */
  used = 0;
  private readonly place: ProbePlace;
  private readonly folder: string;
  private readonly spare: StartedProbe[] = [];

  /** `folder`: where the databases will lie, absolute. */
  constructor(place: ProbePlace, folder: string) {
    this.place = place;
    this.folder = folder;
  }

  add(): void {
    this.spare.push(startProbe(this.place, databaseAccess(this.place.build, this.folder), ['--database']));
  }

  /** Boots one unless one is there. */
  refill(): void {
    if (this.spare.length === 0) this.add();
  }

  /** One that nobody has asked anything yet; undefined: there is none. */
  take(): StartedProbe | undefined {
    this.used++;
    for (let probe = this.spare.shift(); probe !== undefined; probe = this.spare.shift()) {
      if (probe.child.exitCode === null && probe.child.signalCode === null) return probe;
      probe.end();
    }
    return undefined;
  }

  dispose(): void {
    for (const probe of this.spare.splice(0)) probe.end();
  }
}

/** A folder and not a file: SQLite keeps its journal beside the database. */
export function databaseAccess(build: string, folder: string): Parameters<typeof startProbe>[1] {
  return { read: [folder, join(build, '..', '..', 'node_modules')], write: [folder], addons: true };
}
