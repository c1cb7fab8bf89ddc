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
