import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes that work in a folder or name it in their arguments: hosts, and whatever a host started, as a child inherits
 * the folder it was started in. Linux tells this in /proc; elsewhere nothing is known, and the list is empty.
 */
export function processesBelow(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => `${cwdOf(pid)} ${argumentsOf(pid)}`)
    .filter((text) => text.includes(folder));
}

function cwdOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // It has ended, or is another person's.
  }
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** What the processes of a group hold in memory, in bytes; 0 where nothing is known (see above). */
export function memoryOfGroup(group: number | undefined): number {
  if (process.platform !== 'linux' || group === undefined) return 0;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => sum + memoryIn(pid, group), 0);
}

/** The sizes are in pages, as proc(5) has it; its second number is what lies in memory. */
function memoryIn(pid: string, group: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets, and may hold anything.
    const [, , ownGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(ownGroup) !== group) return 0;
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}
