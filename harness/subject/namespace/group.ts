import { readdirSync, readFileSync } from 'node:fs';

/** What all processes of a namespace use together. `bytes`: resident memory. */
export type Usage = { processes: number; bytes: number };

/** More than anybody needs: counting stops here. */
const COUNTED = 2_000;

/** What a process and all its descendants use. */
export function usageOf(pid: number): Usage {
  const pids = descendantsOf(pid);
  return { processes: pids.length, bytes: pids.reduce((sum, each) => sum + residentPages(each) * PAGE, 0) };
}

/**
 * A process and all that descend from it, some thousands at most. Whoever loses its parent in a namespace falls to the
 * first process in it, so nobody gets away.
 */
export function descendantsOf(pid: number): number[] {
  const seen = new Set<number>();
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined && seen.size < COUNTED; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...childrenOf(next));
  }
  return [...seen];
}

/** The children of a process, over all its threads (man 5 proc, /proc/pid/task/tid/children). */
function childrenOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  return namesIn(folder).flatMap((thread) =>
    textOf(`${folder}/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** man 5 proc, /proc/pid/statm: the second number, in pages. */
function residentPages(pid: number): number {
  return Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
}

/** Every Linux that this runs on has pages of at least this size, in bytes. */
const PAGE = 4096;

/** Whether a TCP port of the network that a process (or its child) is in has a listener. */
export function listensOn(pid: number, port: number): boolean {
  const [inside = pid] = childrenOf(pid);
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6'].some((name) =>
    textOf(`/proc/${inside}/net/${name}`)
      .split('\n')
      .some((line) => {
        const [, local = '', , state] = line.trim().split(/\s+/);
        return state === LISTEN && local.endsWith(`:${wanted}`);
      }),
  );
}

/** TCP_LISTEN, in the kernel's include/net/tcp_states.h. */
const LISTEN = '0A';

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It is gone already.
    return '';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
