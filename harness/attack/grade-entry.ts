import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadExercise } from '../catalog/load-exercise.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { Engine } from '../check/engine.ts';
import { EXERCISE } from '../check/corpus/subject.ts';
import { grade } from '../grade/grade.ts';
import { reportsOf } from '../grade/report.ts';
import { takeIn } from '../grade/take-in.ts';
import { readCanaries } from '../verify/canary.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { filesOf } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import type { Outcome } from './entry.ts';
import type { Ground, Place } from './ground.ts';
import { escaped, forgedBy, leakedBy } from './harm.ts';
import type { Harm } from './harm.ts';
import { write } from './submission.ts';
import type { Handed, SubmissionAttack } from './submission.ts';

const LANES = 2;

/** Takes submissions in as folders and grades them at level namespace, up to the text of every report. */
export async function throughGrade(
  programs: readonly ProgramAttack[],
  submissions: readonly SubmissionAttack[],
  ground: Ground,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const loaded = loadExercise(ground.book.root, EXERCISE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  const { exercise } = loaded;
  const tries = [
    ...programs.map((attack): Try => ({ ...attack, hand: () => programFork(attack, ground) })),
    ...submissions.map((attack): Try => ({ ...attack, base: 'stub', hand: () => madeFork(attack, ground) })),
  ];
  const waiting = tries.values();
  const lane = async (): Promise<void> => {
    const engine = new Engine(ground.book.root, ground.book.build);
    try {
      for (const each of waiting) {
        const fork = await each.hand();
        const harms = await gradedHarms(each, fork, { exercise, engine, ground });
        onOutcome({ attack: each.name, harms: [...harms, ...escaped(ground.escapesOf(fork.place))] });
      }
    } finally {
      await engine.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

type Fork = Handed & { place: Place };

type Try = Pick<ProgramAttack, 'name' | 'base'> &
  Partial<Pick<SubmissionAttack, 'ends' | 'detail' | 'untold'>> & { hand: () => Promise<Fork> };

/** The folder that is handed in, beside the workbook. */
function forkOf(name: string, { book }: Ground): { folder: string; src: string } {
  const folder = join(book.root, '..', 'handed-in', name);
  const src = join(folder, 'exercises', EXERCISE, 'src');
  mkdirSync(src, { recursive: true });
  return { folder, src };
}

async function programFork(attack: ProgramAttack, ground: Ground): Promise<Fork> {
  const place = ground.placeFor(`grade-${attack.name}`);
  const { folder, src } = forkOf(attack.name, ground);
  for (const [path, text] of await filesOf(attack, place)) write(join(dirname(src), path), text);
  return { submission: folder, ref: null, place };
}

async function madeFork({ name, make }: SubmissionAttack, ground: Ground): Promise<Fork> {
  const place = ground.placeFor(`grade-${name}`);
  const { folder, src } = forkOf(name, ground);
  cpSync(join(place.root, 'solutions', EXERCISE, 'stub', 'src'), src, { recursive: true });
  const handed = await make(folder, src, place);
  return { ...(handed ?? { submission: folder, ref: null }), place };
}

type Desk = { exercise: Exercise; engine: Engine; ground: Ground };

async function gradedHarms(
  attack: Try,
  { submission, ref, place }: Fork,
  { exercise, engine, ground }: Desk,
): Promise<Harm[]> {
  const { root, build } = ground.book;
  const { detail = 'full', untold } = attack;
  const canaries = readCanaries(exercise.folder);
  const taken = await takeIn({
    submission,
    ref,
    exercises: [exercise],
    root,
    cwd: root,
    out: join(root, '..', 'marks', attack.name),
    env: process.env,
  });
  if (!taken.ok) {
    return [...unlike(attack, 'refused'), ...leakedBy(taken.message, canaries, ground.secret)];
  }
  const verdicts: Verdict[] = [];
  const graded = await grade(taken.intake, {
    bench: { engine, root, build, harness: '0', isolation: 'namespace' },
    detail,
    env: {},
    now: Date.now,
    onVerdict: (_exercise, verdict) => verdicts.push(verdict),
  });
  const texts = [...reportsOf(graded).values()].join('\n');
  const marked = graded.grades.passed && attack.base === 'stub';
  const { text, ...harm } = untold?.(place) ?? { text: null, kind: 'leak' as const, what: '' };
  return [
    ...verdicts.flatMap((verdict) => [...forgedBy(attack, verdict), ...unlike(attack, verdict.status)]),
    ...(marked ? [{ kind: 'forged' as const, what: 'a mark that says passed' }] : []),
    ...leakedBy(texts, canaries, ground.secret),
    ...(text !== null && texts.includes(text) ? [harm] : []),
  ];
}

/** Another end than it should have: what was to be judged was not, or the other way round. */
function unlike({ ends }: Try, ended: Verdict['status'] | 'refused'): Harm[] {
  if (ends === undefined || ends === ended) return [];
  return [{ kind: 'broken', what: `it should be ${ends}, and is ${ended}` }];
}
