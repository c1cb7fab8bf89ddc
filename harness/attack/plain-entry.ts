import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlainProject } from '../check/corpus/plain-project.ts';
import type { Fate, PlainLimits, PlainRun } from '../check/corpus/plain-project.ts';
import { trickOf } from '../check/corpus/subject.ts';
import { corpusFolder } from '../check/corpus/workbook.ts';
import { placeText } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import { SECRET_NAME } from './ground.ts';
import type { Ground, Place } from './ground.ts';
import { NOTHING_TO_ATTACK, PLAIN_FORMS } from './plain-form.ts';

/**
 * What the same attack did to Vitest alone. `succeeded`: its test passed or is not judged any more, it got out, or the run
 * had to be ended. `withstood`: none of it. `none`: it has no counterpart, and why.
 */
export type Plain = { kind: 'succeeded' | 'withstood'; what: string } | { kind: 'none'; why: string };

/** Where the run of one attack is ended, by whoever looks on: Vitest itself has no such limit. */
export const BOUNDS: PlainLimits = { ms: 30_000, memory: 1.2 * 2 ** 30, output: 32 * 2 ** 20 };

const BROKEN: Readonly<Record<keyof PlainLimits, string>> = {
  ms: `its run had no end within ${BOUNDS.ms / 1000} seconds`,
  memory: `it took more than ${BOUNDS.memory / 2 ** 30} GB of memory`,
  output: `its run printed more than ${BOUNDS.output / 2 ** 20} MB`,
};

/** Runs of one attack each are made side by side. */
export const LANES = 3;

const NO_TRICK = 'it answers a client, and a test in the same process has none';
const PIPE = 'it speaks to a host of the workbook, and Vitest has none';

/** Fates that fool whoever looks at the result. */
const FOOLED: ReadonlySet<Fate | undefined> = new Set<Fate>([
  'the test passed',
  'the test was left out',
  'the test is gone',
]);

export function isFooled(fate: Fate | undefined): fate is Fate {
  return FOOLED.has(fate);
}

/** The limit at which a run was ended, or the signal that it was ended with. */
export function whatBroke({ beyond, signal }: PlainRun): string[] {
  if (beyond !== null) return [BROKEN[beyond]];
  return signal === null ? [] : [`it ended the run with ${signal}, and there is no report`];
}

const CONTROL = 'no-trick';

/** Why an attack is not tried on Vitest alone; null: it is. */
export function withoutCounterpart(attack: ProgramAttack, pipe: ReadonlySet<string>): string | null {
  if (PLAIN_FORMS[attack.name] !== undefined) return null;
  if (!existsSync(join(corpusFolder, attack.name, 'src', 'trick.ts'))) return NO_TRICK;
  if (pipe.has(attack.name)) return PIPE;
  return NOTHING_TO_ATTACK[attack.name] ?? null;
}

/** The same tricks in one project, run once; those that would take the others with them alone. The names of `pipe` are those that Vitest has nothing for. */
export async function throughPlainVitest(
  attacks: readonly ProgramAttack[],
  pipe: ReadonlySet<string>,
  ground: Ground,
): Promise<Map<string, Plain>> {
  const out = new Map<string, Plain>();
  const together: ProgramAttack[] = [];
  const alone: ProgramAttack[] = [];
  for (const attack of attacks) {
    const why = withoutCounterpart(attack, pipe);
    if (why !== null) out.set(attack.name, { kind: 'none', why });
    else if (PLAIN_FORMS[attack.name]?.alone === true) alone.push(attack);
    else together.push(attack);
  }
  for (const [name, plain] of await allAtOnce(together, ground)) out.set(name, plain);
  const waiting = alone.values();
  const lane = async (): Promise<void> => {
    for (const attack of waiting) out.set(attack.name, await byItself(attack, ground));
  };
  await Promise.all([...Array.from({ length: LANES }, lane), mustEnd()]);
  return out;
}

/** On a machine that is so busy that even a harmless run comes to a limit, a limit tells nothing of an attack. */
async function mustEnd(): Promise<void> {
  const project = new PlainProject();
  try {
    project.add(CONTROL, 'export {};\n');
    const { beyond, fates } = await project.run({}, BOUNDS);
    if (beyond !== null || fates.get(CONTROL) !== 'the test failed') {
      throw new Error('A harmless run of plain Vitest came to a limit here: this machine is too busy.');
    }
  } finally {
    project.remove();
  }
}

async function allAtOnce(attacks: readonly ProgramAttack[], ground: Ground): Promise<Map<string, Plain>> {
  const project = new PlainProject();
  try {
    project.add(CONTROL, 'export {};\n');
    const places = new Map(attacks.map((attack) => [attack.name, added(project, attack, ground)]));
    const run = await project.run({ [SECRET_NAME]: ground.secret });
    if (run.fates.get(CONTROL) !== 'the test failed') {
      throw new Error(
        `Plain Vitest does not refuse a wrong program without a trick:\n${run.printed.slice(-2000)}`,
      );
    }
    return new Map([...places].map(([name, place]) => [name, plainOf(name, place, run, ground)]));
  } finally {
    project.remove();
  }
}

async function byItself(attack: ProgramAttack, ground: Ground): Promise<Plain> {
  const project = new PlainProject();
  try {
    const place = added(project, attack, ground);
    const run = await project.run({ [SECRET_NAME]: ground.secret }, BOUNDS);
    return plainOf(attack.name, place, run, ground);
  } finally {
    project.remove();
  }
}

function added(project: PlainProject, { name }: ProgramAttack, ground: Ground): Place {
  const place = ground.placeFor(`plain-${name}`);
  const file = join(corpusFolder, name, 'src', 'trick.ts');
  const trick = existsSync(file) ? trickOf(name) : 'export {};\n';
  project.add(name, trick, { 'place.ts': placeText(place), ...PLAIN_FORMS[name]?.files });
  return place;
}

function plainOf(name: string, place: Place, run: PlainRun, ground: Ground): Plain {
  const { fates, printed } = run;
  const { prints, writes, alone } = PLAIN_FORMS[name] ?? {};
  const whats = ground.escapesOf(place);
  const lines = printed.split('\n').filter((line) => line.includes(place.token));
  if (lines.some((line) => line.includes(ground.secret))) whats.push('it showed a secret of the judge');
  if (prints !== undefined && isIn(printed, prints.text)) whats.push(prints.what);
  if (writes !== undefined && existsSync(join(ground.book.temp, writes))) {
    whats.push('it wrote a file outside of its folder');
  }
  whats.push(...whatBroke(run));
  const fate = fates.get(name);
  if (isFooled(fate)) whats.push(fate);
  if (whats.length > 0) return { kind: 'succeeded', what: whats.join(', ') };
  return { kind: 'withstood', what: fate ?? (alone === true ? 'the run failed' : 'it is not in the report') };
}

function isIn(printed: string, text: RegExp | string): boolean {
  return typeof text === 'string' ? printed.includes(text) : text.test(printed);
}
