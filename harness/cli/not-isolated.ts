import type { Isolation } from '../subject/isolation.ts';

/** Why nothing is judged on this machine, what helps, and how to ask for less. */
export function notIsolated(level: Isolation, why: string, help: string | null): string {
  return [
    `Submissions are judged at isolation ${level}, and here that does not work. ${why}`,
    ...(help === null ? [] : ['', `  ${help}`, '']),
    'To judge with less, ask for it with --isolation permission: it stops accidents and not attackers, and every',
    'mark then says so. Do that only with programs of people you trust, or on a machine that you can throw away.',
  ].join('\n');
}
