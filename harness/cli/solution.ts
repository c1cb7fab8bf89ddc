import { readEditable } from '../catalog/editable.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { readSolution } from '../catalog/solution.ts';
import type { RightWay, Solution } from '../catalog/solution.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { ExerciseState, States } from '../progress/progress.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { assignedIn } from './assigned.ts';
import { chosenExercise } from './chosen.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import { askConsent } from './consent.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, withProgress } from './exercises.ts';
import type { Found, ProgressAccess } from './exercises.ts';
import { diffFiles, unifiedDiff } from './file-diff.ts';
import { lockedText, lockOf } from './locks.ts';
import { renderSolution } from './solution-page.ts';

export const solutionCommand: Command = {
  name: 'solution',
  summary:
    'Show a right program, why it looks as it does, and how yours differs. Best read after your own pass.',
  positionals: [
    { name: '[ID]', help: 'The exercise, for example 01-http-server. Without it: the one you passed last.' },
  ],
  options: {
    'show-me': { help: 'Show it before you passed, without a question.' },
    variant: { value: 'NAME', help: 'Another right program instead.' },
    file: { value: 'F', help: 'Only the text of one of its files, for example src/server.ts.' },
    json: { help: 'Print all of it as JSON. harness/cli/solution.ts describes the format.' },
  },
  examples: [
    ['npm run solution 01-http-server', 'after your pass'],
    ['npm run solution -- 01-http-server --variant NAME', 'another right way'],
  ],
  notes: ['Your progress remembers when you saw it first. It takes nothing from a pass.'],
  run: runSolution,
};

/** The version of the format below. */
export const SOLUTION_SCHEMA = 1;

/** What `npm run solution -- --json` prints. */
export type SolutionDocument = {
  schema: typeof SOLUTION_SCHEMA;
  exercise: string;
  /** Null: the solution itself. */
  variant: string | null;
  /** The walk-through, or what the variant's author says; in Markdown. */
  text: string;
  /** Path → content; with --file, that one only. */
  files: Record<string, string>;
  /** Unified, from the learner's files to these. Null: they could not be read, or are too far apart. */
  diff: string | null;
  variants: { name: string; title: string; summary: string }[];
};

async function runSolution(input: Input, context: Context): Promise<ExitCode> {
  const listed = allExercises(context);
  if (!listed.ok) return say(context, listed.message, 2);
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access) => {
    const states: States = access.ok ? access.progress.states() : new Map();
    const typed = input.positionals[0] ?? passedLast(states);
    const chosen = chosenExercise('solution', typed, listed.value, states, assigned);
    if (!chosen.ok) return say(context, chosen.message, 2);
    const exercise = chosen.value;
    const lock = lockOf(exercise, access.ok ? states : null, inCi(context.env), assigned);
    if (lock.kind === 'locked') {
      const text = lockedText(exercise.id, lock.missing, listed.value, states, assigned);
      return say(context, `Its solution waits as well. ${text}`, 3);
    }
    const solution = await readSolution(context.root, exercise);
    if (!solution.ok) return say(context, describeProblem(solution.problem), 2);
    const wanted = wantedWay(input, solution, exercise.id);
    if (!wanted.ok) return say(context, wanted.message, 2);
    const refused = await consent(exercise.id, states.get(exercise.id) ?? UNTRIED, access, input, context);
    if (refused !== null) return refused;
    return await show(exercise, wanted.value, solution, input, context);
  });
}

type Wanted = { way: RightWay; file: string | null };

/** The program, and the one file of it, that were asked for. */
function wantedWay(input: Input, { solution, variants }: Solution, id: string): Found<Wanted> {
  const name = input.value('variant');
  const way = name === null ? solution : variants.find((variant) => variant.name === name);
  if (way === undefined) {
    const names = variants.map((variant) => variant.name);
    const next = names.length === 0 ? `${id} has none.` : `There is ${names.join(', ')}.`;
    return { ok: false, message: `There is no variant ${shown(name ?? '')}. ${next}` };
  }
  const file = input.value('file')?.replaceAll('\\', '/').replace(/^\.\//, '') ?? null;
  if (file === null || way.files.has(file)) return { ok: true, value: { way, file } };
  const paths = [...way.files.keys()].join(', ');
  return { ok: false, message: `${way.folder} has no file ${shown(file)}. There is ${neutralise(paths)}.` };
}

/** Null: it may be shown, and that is written down. Before the pass it takes a clear word, once. */
async function consent(
  id: string,
  state: ExerciseState,
  access: ProgressAccess,
  input: Input,
  context: Context,
): Promise<ExitCode | null> {
  const { err } = context.terminal;
  if (state.passedAt === null && state.solutionShownAt === null && !input.flag('show-me')) {
    err(`${access.ok ? notPassed(id) : `${access.message}\nSo nobody knows whether you passed ${id}.`}\n`);
    const answer = await askConsent(context.terminal, `Show the solution of ${id}?`);
    if (answer !== 'given') {
      const anyway = answer === 'silent' ? `  see it anyway  npm run solution -- ${id} --show-me\n` : '';
      err(`Nothing was shown.\n  a hint         npm run hint ${id}\n${anyway}`);
      return answer === 'silent' ? 2 : 1;
    }
  }
  if (!access.ok) return null;
  const saved = access.progress.showSolution(id);
  if (!saved.ok) err(`${saved.message}\n`);
  return null;
}

async function show(
  exercise: Exercise,
  { way, file }: Wanted,
  { solution, variants }: Solution,
  input: Input,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context;
  const text = file === null ? null : (way.files.get(file) ?? '');
  if (text !== null && !input.flag('json')) {
    terminal.out(neutralise(text.endsWith('\n') ? text : `${text}\n`));
    return 0;
  }
  const yours = await readEditable(exercise.folder, exercise.editable);
  const diffs = yours.ok ? diffFiles(yours.files, way.files) : null;
  if (input.flag('json')) {
    const folders = { yours: `exercises/${exercise.id}`, theirs: way.folder };
    const wanted = diffs?.filter(({ path }) => file === null || path === file) ?? null;
    const document: SolutionDocument = {
      schema: SOLUTION_SCHEMA,
      exercise: exercise.id,
      variant: way === solution ? null : way.name,
      text: way.text,
      files: Object.fromEntries([...way.files].filter(([path]) => file === null || path === file)),
      diff: wanted === null ? null : unifiedDiff(wanted, folders),
      variants: variants.map(({ name, title, summary }) => ({ name, title, summary })),
    };
    terminal.out(harmlessJson(document));
    return 0;
  }
  const view = {
    exercise: exercise.id,
    way,
    others: variants.filter((variant) => variant !== way),
    diffs: yours.ok
      ? { ok: true as const, files: diffs ?? [] }
      : { ok: false as const, message: yours.problem.message },
  };
  terminal.out(renderSolution(view, terminal));
  return 0;
}

/** Talk that ends the command. */
function say(context: Context, message: string, code: ExitCode): ExitCode {
  context.terminal.err(`${message}\n`);
  return code;
}

const notPassed = (id: string) =>
  `You have not passed ${id} yet. What you find yourself stays with you longer than what you read.`;

/** Whose solution is asked for right after a pass; undefined: nothing is passed. */
function passedLast(states: States): string | undefined {
  const passes = [...states].flatMap(([id, { passedAt }]) => (passedAt === null ? [] : [{ id, passedAt }]));
  return passes.sort((a, b) => b.passedAt - a.passedAt)[0]?.id;
}
