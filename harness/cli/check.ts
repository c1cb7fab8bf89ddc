import { realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { Engine } from '../check/engine.ts';
import { loadedSubjectFiles } from '../check/files.ts';
import { typeNotes } from '../check/types.ts';
import { newlyOpened } from '../progress/lock.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { Isolation } from '../subject/isolation.ts';
import type { Progress, States } from '../progress/progress.ts';
import { renderJson } from '../verdict/json.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { renderVerdict } from '../verdict/terminal.ts';
import { renderTypeNotes } from '../verdict/type-notes.ts';
import { assignedIn, dueLine, NOTHING_ASSIGNED } from './assigned.ts';
import type { Assigned } from './assigned.ts';
import { checkAll } from './check-all.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import {
  allExercises,
  currentListed,
  findExercise,
  loadedExercises,
  statesOf,
  withProgress,
} from './exercises.ts';
import { exitCode, judge, record, SEEDS } from './judge.ts';
import { imageFolder, live, noImage } from './live.ts';
import { lockedText, lockOf } from './locks.ts';
import { findRule, looksLikeRule, ruleWithoutExercise } from './rules.ts';

const LEVELS: readonly Isolation[] = ['namespace', 'permission', 'none'];

export const checkCommand: Command = {
  name: 'check',
  summary: 'Judge your program: run the rules of an exercise and record what passes.',
  positionals: [
    { name: '[ID]', help: 'The exercise, for example 01-http-server. Without it: the one you are at.' },
    { name: '[RULE]', help: 'One rule, for example R5, with the rules that it needs. Nothing is recorded.' },
  ],
  options: {
    json: { help: 'Print the verdict as JSON; with --all, a list of verdicts.' },
    all: { help: 'Judge every exercise that you have begun, and rebuild your progress from the results.' },
    from: {
      value: 'DIR',
      help: 'Judge the files of another folder, laid out like the exercise. Nothing is locked, and nothing is recorded.',
    },
    inspect: { help: 'Run your program under the debugger, without time limits.' },
    live: {
      help: 'Of an exercise that builds an image: build and start it on the Docker engine of this machine as well, as information.',
    },
    isolation: {
      value: 'LEVEL',
      help: 'How your program is kept from the rest of the machine: permission (as always), namespace (shut in by bubblewrap, on Linux) or none.',
    },
    seed: { value: 'N', help: 'Repeat a check with its random values: the seed that a failed rule names.' },
  },
  examples: [
    ['npm run check', 'the exercise you are at'],
    ['npm run check 01-http-server R4', 'one rule'],
    [
      'npm run --silent check -- 01-http-server --json',
      'for programs: stdout is the verdict and nothing else',
    ],
  ],
  notes: [
    'It ends with 0 when the exercise (or the one rule) passed, 1 when not, 2 for wrong use or a damaged exercise, 3 when the exercise is locked, 4 when the workbook itself failed.',
  ],
  run: runCheck,
};

/** What one run of the command works with. `progress` null: none is kept, or it cannot be used. */
export type Round = {
  listed: readonly ListedExercise[];
  engine: Engine;
  progress: Progress | null;
  assigned: Assigned;
  input: Input;
  context: Context;
};

async function runCheck(input: Input, context: Context): Promise<ExitCode> {
  const refused = misuse(input);
  if (refused !== null) return say(context, refused, 2);
  // Started first: it loads while the rest is read.
  const engine = new Engine(context.root, context.build);
  const listed = allExercises(context);
  if (!listed.ok) return say(context, listed.message, 2);
  const round = { listed: listed.value, engine, input, context };
  if (input.value('from') !== null)
    return await checkFrom({ ...round, progress: null, assigned: NOTHING_ASSIGNED });
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access) => {
    if (!access.ok) context.terminal.err(`${access.message}\n${NOT_RECORDED}\n\n`);
    const progress = access.ok ? access.progress : null;
    return input.flag('all')
      ? await checkAll({ ...round, progress, assigned })
      : await checkOwn({ ...round, progress, assigned });
  });
}

function misuse(input: Input): string | null {
  const [id] = input.positionals;
  const from = input.value('from');
  const seed = input.value('seed');
  if (input.value('isolation') !== null) {
    if (isolationOf(input) === null) return `--isolation takes one of: ${LEVELS.join(', ')}.`;
    if (input.flag('all') || input.flag('inspect'))
      return 'With --isolation, leave out --all and --inspect: the debugger needs a program that is not shut in.';
  }
  if (input.flag('all') && (id !== undefined || from !== null || input.flag('inspect'))) {
    return 'With --all every exercise is judged: leave out the id, --from and --inspect.';
  }
  if (from !== null && id === undefined) {
    return 'With --from, name the exercise: npm run check -- ID --from DIR';
  }
  if (input.flag('live') && (from !== null || input.flag('all') || input.flag('json'))) {
    return '--live builds and starts your own files on this machine: leave out --from, --all and --json.';
  }
  if (seed !== null && !(/^\d{1,10}$/.test(seed) && Number(seed) < SEEDS)) {
    return `--seed takes a whole number from 0 to ${SEEDS - 1}.`;
  }
  return null;
}

function isolationOf(input: Input): Isolation | null {
  return LEVELS.find((level) => level === input.value('isolation')) ?? null;
}

/** The files of another folder: what was passed or opened here has nothing to do with them. */
async function checkFrom(round: Round): Promise<ExitCode> {
  const { input, context } = round;
  const [id = '', rule] = input.positionals;
  const from = input.value('from') ?? '';
  const found = findExercise(round.listed, id);
  if (!found.ok) return say(context, found.message, 2);
  const folder = realFolder(resolve(context.cwd, from));
  if (folder === null) return say(context, `There is no folder ${shown(from)}. ${FROM}`, 2);
  return await checkOne(found.value, rule, folder, round);
}

async function checkOwn(round: Round): Promise<ExitCode> {
  const { listed, progress, assigned, input, context } = round;
  const states = statesOf(progress);
  const [typed, rule] = input.positionals;
  const current = currentListed(listed, states, assigned);
  if (typed !== undefined && looksLikeRule(typed)) {
    return say(context, ruleWithoutExercise('check', typed, current?.id ?? 'ID'), 2);
  }
  const id = typed ?? current?.id;
  if (id === undefined) return nothingOpen(listed, states, input, context);
  const found = findExercise(listed, id);
  if (!found.ok) return say(context, found.message, 2);
  const exercise = found.value;
  const lock = lockOf(exercise, progress === null ? null : states, inCi(context.env), assigned);
  if (lock.kind === 'locked') {
    return say(context, lockedText(exercise.id, lock.missing, listed, states, assigned), 3);
  }
  return await checkOne(exercise, rule, exercise.folder, round);
}

async function checkOne(
  exercise: Exercise,
  typedRule: string | undefined,
  folder: string,
  round: Round,
): Promise<ExitCode> {
  const { engine, progress, input, context } = round;
  const rule = findRule(exercise, typedRule);
  if (!rule.ok) return say(context, rule.message, 2);
  const image = imageFolder(exercise);
  if (input.flag('live') && image === null) return say(context, noImage(round.listed), 2);
  const before = statesOf(progress);
  const files = await loadedSubjectFiles(context.root, exercise, folder);
  const isolation = isolationOf(input);
  const verdict = await judge({
    exercise,
    files,
    folder,
    only: rule.id,
    engine,
    inspect: input.flag('inspect'),
    seed: input.value('seed'),
    ...(isolation === null ? {} : { isolation }),
    context,
  });
  // One rule alone says nothing about the exercise.
  const recorded = rule.id === null && record(verdict, progress, context);
  const opened = recorded ? openedBy(before, round) : [];
  const { colour, columns, unicode } = context.terminal;
  const from = input.value('from');
  context.terminal.out(
    input.flag('json')
      ? renderJson(verdict)
      : renderVerdict(verdict, {
          colour,
          columns,
          unicode,
          exerciseTitle: exercise.title,
          firstTry: files.untouched,
          opened,
          recorded,
          only: rule.id,
          due: dueOf(exercise.id, verdict, round),
          ...(from === null ? {} : { folder: relative(context.cwd, resolve(context.cwd, from)) || '.' }),
        }),
  );
  // After the verdict: types never decide one, and never hold one up.
  if (!input.flag('json') && from === null && files.sources.ok) {
    const notes = await typeNotes(context.root, folder, files.sources.files.keys());
    const place = relative(context.root, folder).split(sep).join('/');
    context.terminal.out(renderTypeNotes(notes, { colour, columns, unicode, folder: place }));
  }
  if (input.flag('live') && image !== null) await live(exercise, image, context);
  return exitCode(verdict, rule.id);
}

function openedBy(before: States, { listed, progress, assigned }: Round): string[] {
  return newlyOpened(before, statesOf(progress), loadedExercises(listed)).filter(
    (id) => !assigned.isOpen(id),
  );
}

/** When it is due, for who reads the verdict of the whole exercise. */
function dueOf(id: string, { status, mastered }: Verdict, { assigned, progress }: Round): string | null {
  const state = statesOf(progress).get(id) ?? UNTRIED;
  return dueLine(assigned, id, {
    passed: status === 'passed' || state.passedAt !== null,
    mastered: mastered || state.masteredAt !== null,
  });
}

/** Without an id, and with nothing to go on with. For a program that waits for a verdict, this is wrong use. */
function nothingOpen(
  listed: readonly ListedExercise[],
  states: States,
  input: Input,
  context: Context,
): ExitCode {
  if (listed.length === 0) return say(context, EMPTY, 2);
  const waiting = listed.filter(({ id }) => {
    const state = states.get(id) ?? UNTRIED;
    return state.passedAt === null && !state.skipped;
  });
  const broken = waiting.flatMap((each) => (each.ok ? [] : [describeProblem(each.problem)]));
  if (broken.length > 0) return say(context, [NOTHING_OPEN, ...broken].join('\n\n'), 2);
  for (const exercise of loadedExercises(waiting)) {
    const lock = lockOf(exercise, states, false);
    if (lock.kind === 'open') continue;
    return say(context, `${NOTHING_OPEN}\n\n${lockedText(exercise.id, lock.missing, listed, states)}`, 3);
  }
  if (input.flag('json')) return say(context, `${ALL_DONE}\n${NAME_ONE}`, 2);
  context.terminal.out(`${ALL_DONE}\n${NAME_ONE}\n`);
  return 0;
}

/** Talk that ends the command. */
function say(context: Context, message: string, code: ExitCode): ExitCode {
  context.terminal.err(`${message}\n`);
  return code;
}

/** The folder that a path leads to: whoever names a link means what is behind it. Null: there is none to be seen. */
function realFolder(path: string): string | null {
  try {
    const real = realpathSync.native(path);
    return statSync(real).isDirectory() ? real : null;
  } catch {
    return null;
  }
}

const NOT_RECORDED = 'The check goes on: nothing is locked, and nothing is recorded.';
const FROM = "--from takes a folder that has the exercise's files, laid out as in exercises/.";
const ALL_DONE = 'All exercises of this workbook are passed or skipped.';
const NAME_ONE = '`npm run list` shows them. To check one again, name it: npm run check ID';
const NOTHING_OPEN = 'No exercise is open that you could go on with.';
const EMPTY =
  'The folder exercises/ has no exercise in it. `git restore exercises` brings back what was there.';
