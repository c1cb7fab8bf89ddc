import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlainProject } from '../check/corpus/plain-project.ts';
import type { Fate } from '../check/corpus/plain-project.ts';
import { trickOf } from '../check/corpus/subject.ts';
import { corpusFolder } from '../check/corpus/workbook.ts';
import { placeText } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import { SECRET_NAME } from './ground.ts';
import type { Ground } from './ground.ts';

/**
 * What the same attack did to Vitest alone. `succeeded`: its test passed or is not judged any more, or it got out.
 * `withstood`: neither. `none`: it has no counterpart, and why.
 */
export type Plain = { kind: 'succeeded' | 'withstood'; what: string } | { kind: 'none'; why: string };

const ENDLESS = 'the run would never end, so that no other could be told';
const MEMORY = 'this machine would run out of memory';
const FLOOD = 'the output would have no end';

/** Attacks that would take the run or the machine with them, where nothing holds them: they are not tried on Vitest. */
const RUIN: Readonly<Record<string, string>> = {
  'loops-at-import': ENDLESS,
  'never-finishes-loading': ENDLESS,
  'exits-when-idle': ENDLESS,
  'stands-still-and-loops': ENDLESS,
  'fills-heap-at-import': MEMORY,
  'fills-memory-at-import': MEMORY,
  'fills-memory-in-between': MEMORY,
  'prints-for-ever': FLOOD,
  'prints-much': FLOOD,
  'takes-all-descriptors': 'the runner would lose its own files',
  'starts-children': 'the processes would be left on this machine',
  'kills-its-parent': 'the runner itself would be ended',
  'asks-its-parent-for-a-debugger': 'the runner would be stopped in a debugger',
};

const NO_TRICK = 'it answers a client, and a test in the same process has none';
const PIPE = 'it speaks to a host of the workbook, and Vitest has none';

/** Fates that fool whoever looks at the result. */
const FOOLED: ReadonlySet<Fate | undefined> = new Set<Fate>([
  'the test passed',
  'the test was left out',
  'the test is gone',
]);

const CONTROL = 'no-trick';

/** Why an attack is not tried on Vitest alone; null: it is. */
export function withoutCounterpart(attack: ProgramAttack, pipe: ReadonlySet<string>): string | null {
  if (!existsSync(join(corpusFolder, attack.name, 'src', 'trick.ts'))) return NO_TRICK;
  if (pipe.has(attack.name)) return PIPE;
  return RUIN[attack.name] ?? null;
}

/** The same tricks in one project, run once. The names of `pipe` are those that Vitest has nothing for. */
export async function throughPlainVitest(
  attacks: readonly ProgramAttack[],
  pipe: ReadonlySet<string>,
  ground: Ground,
): Promise<Map<string, Plain>> {
  const project = new PlainProject();
  const out = new Map<string, Plain>();
  const places = new Map<string, ReturnType<Ground['placeFor']>>();
  try {
    project.add(CONTROL, 'export {};\n');
    for (const attack of attacks) {
      const why = withoutCounterpart(attack, pipe);
      if (why !== null) {
        out.set(attack.name, { kind: 'none', why });
        continue;
      }
      const place = ground.placeFor(`plain-${attack.name}`);
      places.set(attack.name, place);
      project.add(attack.name, trickOf(attack.name), { 'place.ts': placeText(place) });
    }
    const { fates, printed } = await project.run({ [SECRET_NAME]: ground.secret });
    if (fates.get(CONTROL) !== 'the test failed') {
      throw new Error(
        `Plain Vitest does not refuse a wrong program without a trick:\n${printed.slice(-2000)}`,
      );
    }
    for (const [name, place] of places) {
      const escapes = ground.escapesOf(place);
      const lines = printed.split('\n').filter((line) => line.includes(place.token));
      if (lines.some((line) => line.includes(ground.secret))) escapes.push('it showed a secret of the judge');
      const fate = fates.get(name);
      const fooled = FOOLED.has(fate) && fate !== undefined ? [fate] : [];
      const whats = [...escapes, ...fooled];
      out.set(
        name,
        whats.length > 0
          ? { kind: 'succeeded', what: whats.join(', ') }
          : { kind: 'withstood', what: fate ?? 'it is not in the report' },
      );
    }
    return out;
  } finally {
    project.remove();
  }
}
