import { createHash } from 'node:crypto';
import { harmlessJson, renderJson } from '../../verdict/json.ts';
import type { Gradebook } from '../gradebook/gradebook.ts';
import type { Ledger } from './ledger.ts';
import { submissionPath, verdictPath } from './marks.ts';
import type { Found } from './marks.ts';
import { isWritten, removeOut, writeOut } from './out.ts';

/** Brings the files of the out folder up to what the ledger knows. Those that are so already are left alone. */
export class Publisher {
  private readonly out: string;
  private readonly ledger: Ledger;

  constructor(out: string, ledger: Ledger) {
    this.out = out;
    this.ledger = ledger;
  }

  /**
   * `grades.json` last: where it is, what it names is there. `isLast`: nobody is still to come, so what belongs to nobody is
   * taken away. Whether anything is another than before.
   */
  publish(gradebook: Gradebook, found: readonly Found[], isLast: boolean): boolean {
    let isNew = false;
    const current = new Set<string>();
    for (const { row, entries } of found) {
      for (const { exercise, work, summary } of entries) {
        if (work === null) continue;
        const { key, parts } = work;
        const judged = submissionPath(row.student, exercise);
        current.add(judged);
        const files = (): string =>
          harmlessJson({ files: Object.fromEntries(this.ledger.files(parts.files)) });
        isNew = this.bring(judged, parts.files, files) || isNew;
        if (summary === null) continue;
        const path = verdictPath(row.student, exercise);
        current.add(path);
        isNew = this.bring(path, `${key} ${summary.at}`, () => this.verdict(key)) || isNew;
      }
    }
    if (isLast) isNew = this.clear(current) || isNew;
    const { at: _at, ...lasting } = gradebook;
    const stamp = createHash('sha256').update(JSON.stringify(lasting)).digest('hex');
    return this.bring('grades.json', stamp, () => harmlessJson(gradebook)) || isNew;
  }

  write(path: string, document: object): void {
    writeOut(this.out, path, harmlessJson(document));
  }

  private verdict(key: string): string {
    const verdict = this.ledger.verdict(key);
    if (verdict === null) throw new Error(`the ledger has no verdict ${key}`);
    return renderJson(verdict);
  }

  private bring(path: string, stamp: string, text: () => string): boolean {
    if (this.ledger.stamp(path) === stamp && isWritten(this.out, path)) return false;
    writeOut(this.out, path, text());
    this.ledger.keepStamp(path, stamp);
    return true;
  }

  /** Files of students and exercises that are not there any more. */
  private clear(current: ReadonlySet<string>): boolean {
    const old = this.ledger.stamped().filter((path) => path !== 'grades.json' && !current.has(path));
    for (const path of old) {
      removeOut(this.out, path);
      this.ledger.forgetStamp(path);
    }
    return old.length > 0;
  }
}
