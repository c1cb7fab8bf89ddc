import { join } from 'node:path';
import { PlainProject } from '../check/corpus/plain-project.ts';
import type { Ground, Place } from './ground.ts';
import { SECRET_NAME } from './ground.ts';
import { BOUNDS, isFooled, whatBroke } from './plain-entry.ts';
import type { Plain } from './plain-entry.ts';
import type { SubmissionAttack } from './submission.ts';

/**
 * Makes a repository hostile whose tests are run with `npm exec vitest run`. `folder`: the repository; `own`: the folder of
 * the wrong program in it, with a test that says so. Returns more options for Vitest.
 */
export type PlainRepository = (folder: string, own: string, place: Place) => string[] | void;

/** Tries each submission on Vitest alone, one run each. */
export async function submissionsThroughPlainVitest(
  attacks: readonly SubmissionAttack[],
  ground: Ground,
  lanes: number,
): Promise<Map<string, Plain>> {
  const out = new Map<string, Plain>();
  const waiting = attacks.values();
  const lane = async (): Promise<void> => {
    for (const { name, plain, untold } of waiting) {
      if (typeof plain === 'string') out.set(name, { kind: 'none', why: plain });
      else out.set(name, await inRepository(plain, ground.placeFor(`plain-${name}`), untold, ground));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return out;
}

const OWN = 'handed-in';

async function inRepository(
  make: PlainRepository,
  place: Place,
  untold: SubmissionAttack['untold'],
  ground: Ground,
): Promise<Plain> {
  const project = new PlainProject();
  try {
    project.add(OWN, 'export {};\n');
    const more = make(project.folder, join(project.folder, OWN), place) ?? [];
    const command = ['npm', 'exec', '--offline', '--', 'vitest', 'run', '--root', project.folder, ...more];
    const run = await project.runWith(command, { [SECRET_NAME]: ground.secret }, BOUNDS);
    const whats = [...ground.escapesOf(place), ...whatBroke(run)];
    if (run.printed.includes(ground.secret)) whats.push('it showed a secret of the judge');
    if (untold !== undefined && run.printed.includes(untold(place).text)) whats.push('the run said it');
    const fate = run.fates.get(OWN);
    if (isFooled(fate)) whats.push(fate);
    if (whats.length > 0) return { kind: 'succeeded', what: whats.join(', ') };
    return { kind: 'withstood', what: fate ?? 'the run failed' };
  } finally {
    project.remove();
  }
}
