import { readFileSync } from 'node:fs';

/**
 * Resident memory of a process in bytes, or null where the system does not tell it cheaply: Linux says it in /proc
 * (man 5 proc, status: VmRSS, in kB). Elsewhere the limit of V8's heap is what remains.
 */
export function residentBytes(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null;
  try {
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
