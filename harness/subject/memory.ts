import { readFileSync } from 'node:fs';

const PAGE = 4096;

/**
 * Resident memory of a process in bytes, or null where the system does not tell it cheaply: Linux says it in /proc
 * (man 5 proc, statm: the second field, in pages). Elsewhere the limit of V8's heap is what remains.
 */
export function residentBytes(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return Number.isFinite(pages) ? pages * PAGE : null;
  } catch {
    return null;
  }
}
