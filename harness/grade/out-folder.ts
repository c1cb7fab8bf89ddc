import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../catalog/regular-file.ts';
import { isPlainFolder, replaceFile } from '../catalog/written-file.ts';
import { quoted } from '../catalog/printable.ts';
import { parseGrades } from './grades.ts';

/** What a grade leaves behind, besides the verdicts. */
export const REPORT_FILES = ['grades.json', 'junit.xml', 'results.json', 'summary.md'] as const;
const VERDICTS = 'verdicts';

const LARGEST_GRADES = 64 * 1024 * 1024;

/** Relative path with forward slashes → content. */
export type Reports = ReadonlyMap<string, string>;

/** The folder that a grade is written to. It is opened before anything is judged, so that nobody judges in vain. */
export class OutFolder {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Makes the folder, and takes away what an earlier grade left in it: the mark of another submission must never be
   * taken for this one's. Files that are not of a grade stay; where one has a name that is needed, nothing is touched.
   */
  static open(path: string): { ok: true; out: OutFolder } | { ok: false; message: string } {
    try {
      mkdirSync(path, { recursive: true });
      const folder = realpathSync.native(path);
      const there = readdirSync(folder).filter((name) => isOurs(name));
      if (there.length > 0 && !isGrade(folder)) {
        const which = there.map(quoted).join(', ');
        return {
          ok: false,
          message: `The folder of --out holds ${which}, which no grade has written. Name an empty or a new folder.`,
        };
      }
      // grades.json last: as long as it is there, the folder can be told to be a grade's.
      for (const name of there.toSorted(
        (one, other) => Number(one === 'grades.json') - Number(other === 'grades.json'),
      )) {
        rmSync(join(folder, name), { recursive: true, force: true });
      }
      return { ok: true, out: new OutFolder(folder) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        ok: false,
        message: `The folder of --out cannot be used (${why}). Name one that you may write to.`,
      };
    }
  }

  /**
   * Writes each file under a name of its own and then renames it, so that no reader sees half of one. `grades.json` comes
   * last: where it is, everything is. Throws what the system throws.
   */
  write(reports: Reports): void {
    mkdirSync(join(this.folder, VERDICTS), { recursive: true });
    if (!isPlainFolder(this.folder, VERDICTS))
      throw new Error(`${VERDICTS} in the folder of --out is a link`);
    const last = 'grades.json';
    for (const [path, text] of [...reports].toSorted(([a], [b]) => Number(a === last) - Number(b === last))) {
      replaceFile(join(this.folder, path), { bytes: Buffer.from(text), mode: 0o644 });
    }
  }
}

function isOurs(name: string): boolean {
  return name === VERDICTS || REPORT_FILES.some((file) => file === name);
}

/** Whether the folder was written by a grade. A folder of verdicts alone is one that was cut off. */
function isGrade(folder: string): boolean {
  const stats = lstatSync(join(folder, 'grades.json'), { throwIfNoEntry: false });
  if (stats === undefined) return false;
  const read = readTextFile(join(folder, 'grades.json'), LARGEST_GRADES);
  if (!read.ok) return false;
  try {
    return parseGrades(JSON.parse(read.text)).ok;
  } catch {
    return false;
  }
}
