import { breakTables, dumpDatabase, healTables, lockDatabase, queryDatabase } from '../probe/database.ts';
import type { Lock, SqlOutcome } from '../probe/database.ts';
import type { ProbePlace } from '../probe/process.ts';
import { SpareProbes } from '../probe/spare.ts';
import type { Subject } from '../subject/subject.ts';
import type { DatabaseRequest, SuiteReply } from '../suite/link.ts';
import type { CheckRequest } from './check.ts';

/** The databases of a run's subjects, as probes see and disturb them. */
export class Databases {
  private readonly request: CheckRequest;
  private readonly probes: ProbePlace;
  /** By file. */
  private readonly locks = new Map<string, { subject: Subject; lock: Lock }>();
  private readonly spares = new Map<Subject, SpareProbes>();
  private isOver = false;

  constructor(request: CheckRequest, probes: ProbePlace) {
    this.request = request;
    this.probes = probes;
  }

  async answer(subject: Subject, { part, name, action }: DatabaseRequest): Promise<SuiteReply> {
    const file = subject.databaseFile(name);
    const { probes: at } = this;
    const spare = this.request.warm?.probes.get(part) ?? this.sparesFor(subject);
    const answer = async (outcome: Promise<SqlOutcome>): Promise<SuiteReply> => ({
      kind: 'sql',
      outcome: await outcome,
    });
    switch (action.kind) {
      case 'run':
        return await answer(queryDatabase(at, file, action.statements, undefined, spare?.take()));
      case 'dump':
        return await answer(dumpDatabase(at, file, spare?.take()));
      case 'break':
        return await answer(breakTables(at, file, spare?.take()));
      case 'heal':
        return await answer(healTables(at, file, spare?.take()));
      case 'lock':
      case 'read':
        this.locks.set(file, { subject, lock: await lockDatabase(at, file, action.kind === 'read') });
        return { kind: 'noted' };
      case 'unlock':
        await this.release(file);
        return { kind: 'noted' };
    }
  }

  /** Releases what a rule left locked. */
  async unlock(subject: Subject): Promise<void> {
    for (const [file, held] of this.locks) if (held.subject === subject) await this.release(file);
  }

  /** Ends what was started ahead for looks that did not come. */
  end(): void {
    this.isOver = true;
    for (const spares of this.spares.values()) spares.dispose();
  }

  private async release(file: string): Promise<void> {
    await this.locks.get(file)?.lock.release();
    this.locks.delete(file);
  }

  /**
   * A rule that looks at a database is seldom the only one: while others run, the probe for the next look boots. Null:
   * spares are not wanted, or the subject has no folder for databases.
   */
  private sparesFor(subject: Subject): SpareProbes | null {
    const { folder } = subject;
    if (folder === null || this.request.inTurn === true || this.request.warm !== undefined) return null;
    let spares = this.spares.get(subject);
    if (spares === undefined) {
      spares = new SpareProbes(this.probes, folder);
      this.spares.set(subject, spares);
    }
    const next = spares;
    setImmediate(() => {
      if (!this.isOver) next.refill();
    });
    return spares;
  }
}
