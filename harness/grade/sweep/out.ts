import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quoted } from '../../catalog/printable.ts';
import { LEDGER_FOLDER } from './ledger.ts';

/** What a sweep and its reports leave in the folder of --out, beside the ledger. */
const OURS = [
  'grades.json',
  'grades.csv',
  'report.html',
  'regrade.json',
  'shard.json',
  'verdicts',
  'submissions',
  'students',
];

/** Makes the folder of a sweep, or finds an earlier one's. `message`: why it is not used, and what to do. */
export function openOut(out: string): { ok: true } | { ok: false; message: string } {
  try {
    mkdirSync(out, { recursive: true });
    const there = readdirSync(out);
    const ours = there.filter((name) => OURS.includes(name));
    if (ours.length > 0 && !there.includes(LEDGER_FOLDER)) {
      const which = ours.map(quoted).join(', ');
      return {
        ok: false,
        message: `The folder of --out holds ${which}, which no sweep has written. Name an empty or a new folder.`,
      };
    }
    const links = [...ours, LEDGER_FOLDER].filter((name) =>
      lstatSync(join(out, name), { throwIfNoEntry: false })?.isSymbolicLink(),
    );
    if (links.length === 0) return { ok: true };
    return {
      ok: false,
      message: `${links.map(quoted).join(', ')} in the folder of --out is a link. Remove it.`,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      message: `The folder of --out cannot be used (${why}). Name one that you may write to.`,
    };
  }
}

/**
 * Writes a file of the out folder under another name and then renames it: whoever reads it sees the old one or the new one,
 * never half of it, also when this process is killed. Not forced to the disk: after a power cut it is written again.
 */
export function writeOut(out: string, path: string, text: string): void {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

export function isWritten(out: string, path: string): boolean {
  return existsSync(join(out, path));
}

/** Takes away what stands for nobody any more, and folders that are empty without it. */
export function removeOut(out: string, path: string): void {
  const file = join(out, path);
  rmSync(file, { force: true });
  const folder = dirname(file);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
