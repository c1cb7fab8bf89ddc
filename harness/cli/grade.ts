import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { Engine } from '../check/engine.ts';
import { renderAnnotations } from '../grade/annotations.ts';
import { DETAILS } from '../grade/detail.ts';
import type { Detail } from '../grade/detail.ts';
import { grade } from '../grade/grade.ts';
import type { Graded } from '../grade/grade.ts';
import { takeIn } from '../grade/take-in.ts';
import { probeLevel } from '../grade/level.ts';
import type { LevelProbe } from '../grade/level.ts';
import { OutFolder } from '../grade/out-folder.ts';
import { reportsOf } from '../grade/report.ts';
import type { Isolation } from '../subject/isolation.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import { workbookVersion } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise } from './exercises.ts';
import type { Found } from './exercises.ts';
import { gradePage } from './grade-page.ts';
import { notIsolated } from './not-isolated.ts';
import { shownPath } from './chosen-path.ts';
import { LiveLine } from './live-line.ts';

const LEVELS = ['namespace', 'permission', 'none'] as const satisfies readonly Isolation[];

export const gradeCommand: Command = {
  name: 'grade',
  summary:
    'Judge submissions of others, with the suites of this workbook, and write down the marks: one submission, or a whole class.',
  positionals: [{ name: '[WORD...]', help: 'After --exercise: more ids. After --merge: more folders.' }],
  needsOptions: true,
  options: {
    submission: {
      value: 'PATH_OR_URL',
      help: 'A folder, a .zip, .tgz or .tar.gz, a local git repository (with --ref), or its https or ssh address: a copy of the workbook. For one exercise alone, its own folder will do.',
    },
    exercise: {
      value: 'ID',
      help: 'The exercise to judge. More of them after it, or joined with commas.',
    },
    out: {
      value: 'DIR',
      help: 'Where the marks go: grades.json, verdicts/ and more.',
    },
    ref: {
      value: 'REF',
      help: 'The branch, tag or whole commit hash of a git submission. Without it: HEAD.',
    },
    isolation: {
      value: 'LEVEL',
      help: 'namespace (the default), permission or none. Less than namespace is used only when it is asked for here.',
    },
    detail: {
      value: 'HOW_MUCH',
      help: 'full (the default); rules: how each rule ended, without messages and output; score: points alone. It holds for all that is written.',
    },
    roster: {
      value: 'FILE',
      help: 'A class: a CSV with the columns student and repo; name, email, team and received if you like. The same command goes on where it stopped.',
    },
    assignment: {
      value: 'FILE',
      help: 'With --roster: exercises, due times, weights and the rest (see `npm run assign`). Without it: --exercise, and nothing is late.',
    },
    regrade: { help: 'With --roster: judge all again, and report what changed, for whom and why.' },
    lanes: {
      value: 'N',
      help: 'With --roster: how many are judged side by side; as many as there are cores when left out.',
    },
    shard: { value: 'I/N', help: 'With --roster: one of N parts of the class, for one of N machines.' },
    merge: { value: 'DIR', help: 'Join the folders of all shards in the one of --out.' },
    queue: {
      value: 'REDIS',
      help: 'With --roster: let others judge, who run `npm run grade:worker -- --queue REDIS`.',
    },
    annotations: { help: 'Print annotations for GitHub Actions. Done anyway where GITHUB_ACTIONS is true.' },
    json: { help: 'Print grades.json on stdout, and nothing else.' },
  },
  examples: [
    ['npm run grade -- --submission ../fork --exercise 04-jwt --out ../marks/ada', 'a folder'],
    [
      'npm run grade -- --submission https://example.org/ada/workbook.git --ref main --exercise 01-http-server,02-sql --out ../marks/ada',
      'a branch of a fork, two exercises',
    ],
    [
      'npm run grade -- --roster roster.csv --assignment assignments/week-1.yaml --out ../marks/week-1',
      'a class',
    ],
    ['npm run grade -- --merge shard-1 shard-2 --out ../marks/week-1', 'what two machines judged'],
  ],
  notes: [
    'Only the files that an exercise declares editable are taken. Suites, config, packages and progress of a submission are never looked at; all else is this workbook’s own. Your own progress plays no part and is not changed.',
    'It ends with 0 when every exercise passed, 1 when not, 2 for wrong use or a machine that cannot shut programs in, 4 when the workbook itself failed. For a class: 0 when all rows were judged, whatever their marks, 1 when some could not be.',
  ],
  run: (input, context) => runGrade(input, context),
};

/** All that the command line asked for, checked. */
type Wish = {
  submission: string;
  ref: string | null;
  exercises: readonly Exercise[];
  out: string;
  isolation: Isolation;
  detail: Detail;
};

/** `probe`: tests give their own. */
export async function runGrade(
  input: Input,
  context: Context,
  probe: LevelProbe = probeLevel,
): Promise<ExitCode> {
  const say = (message: string): ExitCode => {
    context.terminal.err(`${message}\n`);
    return 2;
  };
  const way = wayOf(input);
  if (!way.ok) return say(way.message);
  if (way.value !== 'one') return await runClass(way.value, input, context, probe);
  const wish = wishOf(input, context);
  if (!wish.ok) return say(wish.message);
  const { submission, ref, exercises, isolation, detail } = wish.value;
  const level = await probe(isolation);
  if (!level.ok) return say(notIsolated(isolation, level.why, level.help));
  const taken = await takeIn({
    submission,
    ref,
    exercises,
    root: context.root,
    cwd: context.cwd,
    out: wish.value.out,
    env: context.env,
  });
  if (!taken.ok) return say(taken.message);
  const opened = OutFolder.open(wish.value.out);
  if (!opened.ok) return say(opened.message);
  const engine = new Engine(context.root, context.build);
  let graded: Graded;
  const failures: string[] = [];
  const line = new LiveLine(context.terminal, 'judging');
  try {
    let done = 0;
    graded = await grade(taken.intake, {
      bench: {
        engine,
        root: context.root,
        build: context.build,
        harness: workbookVersion(context.root),
        isolation,
      },
      detail,
      env: context.env,
      now: context.now,
      onRule: (exercise) => line.show(`${exercise.id}: ${++done} of ${exercise.rules.length} rules`),
      onVerdict: ({ id }, { error }) => {
        done = 0;
        if (error?.kind === 'harness') failures.push(failureText(id, error.message));
      },
    });
  } finally {
    line.clear();
    await engine.close();
  }
  for (const failure of failures) context.terminal.err(failure);
  const reports = reportsOf(graded);
  const { terminal, env } = context;
  try {
    opened.out.write(reports);
    // The variable is the judge's own: where it is set, a CI shows the page beside the run.
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, reports.get('summary.md') ?? '');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    terminal.err(`The mark could not be written (${neutralise(why, { maxLines: 1 })}). ${NOT_WRITTEN}\n`);
    return 4;
  }
  if (input.flag('json')) terminal.out(harmlessJson(graded.grades));
  else terminal.out(gradePage(graded.grades, { ...terminal, out: shownPath(context.cwd, wish.value.out) }));
  const wanted = input.flag('annotations') || env.GITHUB_ACTIONS === 'true';
  // One document on stdout stays one document.
  if (wanted && !input.flag('json')) terminal.out(renderAnnotations(graded));
  return exitCode(graded);
}

function exitCode({ grades }: Graded): ExitCode {
  if (grades.exercises.some(({ error, status }) => status === 'error' && error === 'harness')) return 4;
  return grades.passed ? 0 : 1;
}

/** What is graded: one submission, a class, or what the shards of a class left. */
type Way = 'one' | 'class' | 'merge';

/** Options that mean something for one way alone. */
const OF_CLASS = ['assignment', 'regrade', 'lanes', 'shard', 'queue'];

function wayOf(input: Input): Found<Way> {
  const wrong = (message: string): Found<Way> => ({ ok: false, message });
  const given = (name: string): boolean =>
    gradeCommand.options[name]?.value === undefined ? input.flag(name) : input.value(name) !== null;
  const ways = ['submission', 'roster', 'merge'].filter(given);
  if (ways.length > 1) return wrong(`--${ways.join(' and --')} contradict each other: give one of them.`);
  const [way] = ways;
  const strays =
    way === 'roster'
      ? ['annotations']
      : [...OF_CLASS, ...(way === 'merge' ? ['exercise', 'ref', 'isolation', 'detail', 'annotations'] : [])];
  const stray = strays.find(given);
  if (stray !== undefined) {
    const goes = OF_CLASS.includes(stray) ? '--roster' : '--submission';
    return wrong(`--${stray} goes with ${goes}.`);
  }
  if (input.positionals.length > 0 && way !== 'merge' && !given('exercise'))
    return wrong(`There is one word too many: ${shown(input.positionals[0] ?? '')}`);
  return { ok: true, value: way === 'roster' ? 'class' : way === 'merge' ? 'merge' : 'one' };
}

/** Its libraries are loaded by whoever grades a class, and nobody else. */
async function runClass(
  way: Exclude<Way, 'one'>,
  input: Input,
  context: Context,
  probe: LevelProbe,
): Promise<ExitCode> {
  const common = commonOf(input, context);
  if (!common.ok) {
    context.terminal.err(`${common.message}\n`);
    return 2;
  }
  if (way === 'merge') {
    const { runMerge } = await import('./grade-merge.ts');
    return await runMerge(input, context, common.value.out);
  }
  const { runSweep } = await import('./grade-sweep.ts');
  return await runSweep(input, context, common.value, probe);
}

type Common = Pick<Wish, 'out' | 'isolation' | 'detail'> & { exercises: readonly Exercise[] | null };

function commonOf(input: Input, context: Context): Found<Common> {
  const wrong = (message: string): Found<Common> => ({ ok: false, message });
  const out = input.value('out');
  const isolation = input.value('isolation') ?? 'namespace';
  const detail = input.value('detail') ?? 'full';
  if (out === null) return wrong('Where does the mark go? Name a folder: --out DIR');
  const level = LEVELS.find((each) => each === isolation);
  if (level === undefined) return wrong(`--isolation takes ${LEVELS.join(', ')}, not ${shown(isolation)}.`);
  const much = DETAILS.find((each) => each === detail);
  if (much === undefined) return wrong(`--detail takes ${DETAILS.join(', ')}, not ${shown(detail)}.`);
  const exercises = exercisesOf(input, context);
  if (!exercises.ok) return exercises;
  return {
    ok: true,
    value: { exercises: exercises.value, out: resolve(context.cwd, out), isolation: level, detail: much },
  };
}

function wishOf(input: Input, context: Context): Found<Wish> {
  const submission = input.value('submission');
  if (submission === null) return { ok: false, message: WHICH };
  const common = commonOf(input, context);
  if (!common.ok) return common;
  const { exercises } = common.value;
  if (exercises === null) return { ok: false, message: 'Which exercise? Name it: --exercise ID' };
  return { ok: true, value: { ...common.value, submission, ref: input.value('ref'), exercises } };
}

/** Null: none is named. */
function exercisesOf(input: Input, context: Context): Found<Exercise[] | null> {
  const words = input.value('merge') === null ? input.positionals : [];
  const typed = [...input.values('exercise'), ...words]
    .flatMap((value) => value.split(','))
    .filter((id) => id.trim() !== '');
  if (typed.length === 0) return { ok: true, value: null };
  const listed = allExercises(context);
  if (!listed.ok) return listed;
  const found = new Map<string, Exercise>();
  for (const id of typed) {
    const exercise = findExercise(listed.value, id.trim());
    if (!exercise.ok) return exercise;
    found.set(exercise.value.id, exercise.value);
  }
  return { ok: true, value: [...found.values()] };
}

/** For whoever judges: the reports may not tell it to learners. */
function failureText(id: string, message: string): string {
  return `${id}: the workbook itself failed. ${neutralise(message, { maxLines: 20 })}\n`;
}

const WHICH = 'Which submission? Name it: --submission PATH_OR_URL, or a class of them: --roster FILE';
const NOT_WRITTEN = 'Look at the free space and at who may write there, then grade again.';
