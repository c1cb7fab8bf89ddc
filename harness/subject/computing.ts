import { readFileSync } from 'node:fs';
import { descendantsOf } from './namespace/group.ts';

/** Linux counts the time of processes in hundredths of a second towards programs, whatever it does itself (man 7 time). */
const TICK = 10;

/**
 * How long a process and its descendants have computed, in milliseconds, or null where the system does not tell it cheaply
 * (man 5 proc, /proc/pid/stat: utime and stime).
 */
export function computedMs(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null;
  let ticks = 0;
  for (const each of descendantsOf(pid)) {
    try {
      // The name of the program stands in parentheses, and may hold any sign.
      const text = readFileSync(`/proc/${each}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It is gone already.
    }
  }
  return ticks * TICK;
}
