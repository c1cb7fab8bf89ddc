import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
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
import type { SubmissionAttack } from './submission.ts';

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
    ...programs.map((attack) => ({
      name: attack.name,
      base: attack.base,
      fork: programFork(attack, ground),
    })),
    ...submissions.map((attack) => ({
      name: attack.name,
      base: 'stub' as const,
      fork: madeFork(attack, ground),
    })),
  ];
  const waiting = tries.values();
  const lane = async (): Promise<void> => {
    const engine = new Engine(ground.book.root, ground.book.build);
    try {
      for (const { name, base, fork } of waiting) {
        const { folder, place } = await fork();
        const harms = await gradedHarms({ name, base }, folder, { exercise, engine, ground });
        onOutcome({ attack: name, harms: [...harms, ...escaped(ground.escapesOf(place))] });
      }
    } finally {
      await engine.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

type Fork = { folder: string; place: Place };

/** The folder that is handed in, beside the workbook. */
function forkOf(name: string, { book }: Ground): { folder: string; src: string } {
  const folder = join(book.root, '..', 'handed-in', name);
  const src = join(folder, 'exercises', EXERCISE, 'src');
  mkdirSync(src, { recursive: true });
  return { folder, src };
}

function programFork(attack: ProgramAttack, ground: Ground): () => Promise<Fork> {
  return async () => {
    const place = ground.placeFor(`grade-${attack.name}`);
    const { folder, src } = forkOf(attack.name, ground);
    for (const [path, text] of await filesOf(attack, place)) {
      const file = join(dirname(src), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return { folder, place };
  };
}

function madeFork({ name, make }: SubmissionAttack, ground: Ground): () => Promise<Fork> {
  return async () => {
    const place = ground.placeFor(`grade-${name}`);
    const { folder, src } = forkOf(name, ground);
    cpSync(join(place.root, 'solutions', EXERCISE, 'stub', 'src'), src, { recursive: true });
    make(folder, src, place);
    return await Promise.resolve({ folder, place });
  };
}

type Desk = { exercise: Exercise; engine: Engine; ground: Ground };

async function gradedHarms(
  subject: Pick<ProgramAttack, 'name' | 'base'>,
  folder: string,
  { exercise, engine, ground }: Desk,
): Promise<Harm[]> {
  const { root, build } = ground.book;
  const out = join(root, '..', 'marks', subject.name);
  const taken = await takeIn({
    submission: folder,
    ref: null,
    exercises: [exercise],
    root,
    cwd: root,
    out,
    env: process.env,
  });
  if (!taken.ok) return leakedBy(taken.message, readCanaries(exercise.folder), ground.secret);
  const verdicts: Verdict[] = [];
  const graded = await grade(taken.intake, {
    bench: { engine, root, build, harness: '0', isolation: 'namespace' },
    detail: 'full',
    env: {},
    now: Date.now,
    onVerdict: (_exercise, verdict) => verdicts.push(verdict),
  });
  const texts = [...reportsOf(graded).values()].join('\n');
  const marked = graded.grades.passed && subject.base === 'stub';
  return [
    ...verdicts.flatMap((verdict) => forgedBy(subject, verdict)),
    ...(marked ? [{ kind: 'forged' as const, what: 'a mark that says passed' }] : []),
    ...leakedBy(texts, readCanaries(exercise.folder), ground.secret),
  ];
}
