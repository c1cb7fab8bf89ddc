import { Court } from '../check/corpus/judge.ts';
import type { Isolation } from '../subject/isolation.ts';
import { readCanaries } from '../verify/canary.ts';
import { filesOf } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import type { Outcome } from './entry.ts';
import type { Ground } from './ground.ts';
import { escaped, forgedBy, leakedBy } from './harm.ts';

/** Programs are judged side by side: one computes while another waits for a program that hangs. */
const LANES = 3;

/**
 * Attacks that end or disturb the process that judges where nothing shuts them in: they are tried at this level by a process
 * of its own (harness/check/corpus/command-line.test.ts), and here only behind walls.
 */
const AT_OUR_OWN: ReadonlySet<string> = new Set(['kills-its-parent', 'asks-its-parent-for-a-debugger']);

/** Those that can be tried at a level in a process that others need. */
export function triedAt<A extends { name: string }>(isolation: Isolation, attacks: readonly A[]): A[] {
  return attacks.filter(({ name }) => isolation === 'namespace' || !AT_OUR_OWN.has(name));
}

/** Runs programs through the real check, with real hosts, at one level. */
export async function throughCheck(
  attacks: readonly ProgramAttack[],
  ground: Ground,
  isolation: Isolation,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const court = new Court(ground.book, LANES);
  const canaries = readCanaries(court.exercise.folder);
  const tried = triedAt(isolation, attacks);
  try {
    await Promise.all(
      tried.map(async (attack) => {
        const place = ground.placeFor(attack.name);
        const files = await filesOf(attack, place);
        const { verdict, terminal, json } = await court.judge(files, attack.pace, isolation);
        onOutcome({
          attack: attack.name,
          harms: [
            ...forgedBy(attack, verdict),
            ...leakedBy(JSON.stringify(verdict) + terminal + json, canaries, ground.secret),
            ...escaped(ground.escapesOf(place)),
          ],
        });
      }),
    );
  } finally {
    await court.close();
  }
}
