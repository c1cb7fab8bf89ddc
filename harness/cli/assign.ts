import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { keepCopy } from '../catalog/kept-copy.ts';
import { readFileBytes } from '../catalog/regular-file.ts';
import { obstacle, replaceFile } from '../catalog/written-file.ts';
import { NAME } from '../grade/assignment/assignment.ts';
import { parseAssignment, readAssignment } from '../grade/assignment/read.ts';
import { assignmentFiles, FOLDER } from '../grade/assignment/tasks.ts';
import { assignmentText, withExtension } from '../grade/assignment/write.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { assignPage } from './assign-page.ts';
import type { AssignmentEntry } from './assign-page.ts';
import { extensionWish, isNewWish, newWish } from './assign-wish.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, loadedExercises } from './exercises.ts';
import type { Exercise } from '../catalog/exercise.ts';

/** The version of what `--json` prints. */
const ASSIGN_SCHEMA = 1;

export const assignCommand: Command = {
  name: 'assign',
  summary: 'Assign exercises to a class: which, for how many points, due when. Without a name: look at all.',
  positionals: [
    { name: '[NAME]', help: 'The assignment, for example week-1. Its file is assignments/NAME.yaml.' },
  ],
  options: {
    exercises: {
      value: 'IDS',
      help: 'Ids and ranges of ids, joined by commas: 01-http-server..04-jwt,07-cache',
    },
    due: {
      value: 'TIME',
      help: 'Until when work is in time: "2026-12-04 23:59". Without it nothing is late.',
    },
    opens: { value: 'TIME', help: 'From when on the exercises are open to learners. Without it: at once.' },
    tz: {
      value: 'ZONE',
      help: 'The time zone of all times, such as Europe/Berlin. Without it: that of this machine.',
    },
    late: {
      value: 'POLICY',
      help: 'What lateness costs: none (the default), zero, per-day:10:50 (10 percent for each day begun, at most 50) or decay:48:100 (all, in a straight line over 48 hours).',
    },
    'late-days': { value: 'N', help: 'Days that each student may be late in all before it costs anything.' },
    grace: { value: 'MINUTES', help: 'Minutes after the due time that do not count as late.' },
    weight: { value: 'ID=N', help: 'What an exercise counts, 1 without it. Give it again for more.' },
    asks: { value: 'RULES', help: 'core (the default), or all: the extra rules too.' },
    attempts: { value: 'N', help: 'With how many different versions of its files an exercise is graded.' },
    show: {
      value: 'BEFORE:AFTER',
      help: 'How much students are told before and after the due time: full, rules or score.',
    },
    title: { value: 'TEXT', help: 'What people read. Without it: the name.' },
    force: { help: 'Replace an assignment that is there. A copy of it is kept.' },
    extend: { value: 'STUDENT', help: 'Give one student more time, with --due; all else in the file stays.' },
    exercise: { value: 'ID', help: 'With --extend: for this exercise alone.' },
    why: { value: 'TEXT', help: 'With --extend: the reason, for yourself.' },
    json: { help: 'Print the assignments as JSON.' },
  },
  examples: [
    [
      'npm run assign -- week-1 --exercises 01-http-server..04-jwt --due "2026-12-04 23:59" --tz Europe/Berlin',
      'writes assignments/week-1.yaml',
    ],
    [
      'npm run assign -- week-1 --extend ada --due "2026-12-11 23:59" --why "was ill"',
      'a week more for one student',
    ],
    ['npm run assign', 'all assignments, and what is wrong in them'],
  ],
  notes: [
    'The file has a comment for every key and is meant to be edited. Where learners have it in their copy, `list` and `check` tell them when work is due, and its exercises are open. `npm run grade -- --assignment FILE` grades by it.',
    'It ends with 0 when all went well, 2 for wrong use or an assignment with mistakes.',
  ],
  run: runAssign,
};

async function runAssign(input: Input, context: Context): Promise<ExitCode> {
  const listed = allExercises(context);
  if (!listed.ok) return await say(context, listed.message, 2);
  const [name] = input.positionals;
  const known = listed.value;
  const isExtending = input.value('extend') !== null;
  if (name !== undefined && !NAME.test(name))
    return await say(context, `${shown(name)} is no name for an assignment. ${NAMES}`, 2);
  if (isExtending) return await extend(name, input, context, known);
  const stray = ['exercise', 'why'].find((option) => input.value(option) !== null);
  if (stray !== undefined) {
    const meant = stray === 'exercise' ? ' To choose exercises, write --exercises.' : '';
    return await say(context, `--${stray} goes with --extend STUDENT.${meant}`, 2);
  }
  if (isNewWish(input)) return await create(name, input, context, loadedExercises(known));
  return await show(name, input, context, known);
}

async function create(
  name: string | undefined,
  input: Input,
  context: Context,
  exercises: readonly Exercise[],
): Promise<ExitCode> {
  if (name === undefined) return await say(context, `Which assignment? Name it first: ${EXAMPLE}`, 2);
  const wish = newWish(input, exercises);
  if (!wish.ok) return await say(context, neutralise(wish.message), 2);
  const path = `${FOLDER}/${name}.yaml`;
  const text = assignmentText(name, wish.value);
  const read = parseAssignment(text, path, exercises);
  // Only what belongs together can still be wrong: a due time before the opening.
  if (!read.ok)
    return await say(
      context,
      read.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim())
        .join('\n'),
      2,
    );
  const { root, terminal } = context;
  const isThere = existsSync(join(root, path));
  if (isThere && !input.flag('force')) return await say(context, `${path} is there already. ${THERE}`, 2);
  const saved = save(path, text, context);
  if (!saved.ok) return await say(context, saved.message, saved.code);
  if (saved.kept !== null) terminal.err(`What was there is kept in ${saved.kept}.\n`);
  if (input.value('tz') === null)
    terminal.err(
      `Times are taken for ${wish.value.timezone}, the time zone of this machine. --tz names another.\n`,
    );
  terminal.err(`${isThere ? 'Replaced' : 'Wrote'} ${path}. Edit it as you like; ${NEXT}\n\n`);
  print([{ name, file: path, ...read }], input, context);
  return 0;
}

async function extend(
  name: string | undefined,
  input: Input,
  context: Context,
  known: readonly { id: string }[],
): Promise<ExitCode> {
  const wish = extensionWish(name, input);
  if (!wish.ok) return await say(context, neutralise(wish.message), 2);
  const found = findFile(wish.value.name, context);
  if (!found.ok) return await say(context, found.message, 2);
  const path = found.value;
  const bytes = readFileBytes(join(context.root, path), 4 * 1024 * 1024);
  const text = bytes.ok ? bytes.bytes.toString('utf8') : '';
  const before = readAssignment(join(context.root, path), known);
  if (!before.ok) return await say(context, `${relative(before.message, context)}\n${FIRST}`, 2);
  const { extension } = wish.value;
  const extended = withExtension(text, extension);
  const read = parseAssignment(extended.text, path, known);
  if (!read.ok) return await say(context, `${reworded(read.message)}\nNothing was changed.`, 2);
  const saved = save(path, extended.text, context, false);
  if (!saved.ok) return await say(context, saved.message, saved.code);
  const forWhat = extension.exercise === null ? 'all exercises' : extension.exercise;
  const instead = extended.before === null ? '' : `, instead of ${neutralise(extended.before)}`;
  context.terminal.err(
    `${extension.student} has until ${extension.due} for ${forWhat}${instead}: ${path}\n\n`,
  );
  print([{ name: wish.value.name, file: path, ...read }], input, context);
  return 0;
}

async function show(
  name: string | undefined,
  input: Input,
  context: Context,
  known: readonly { id: string }[],
): Promise<ExitCode> {
  const { root, terminal } = context;
  let files = assignmentFiles(root).map((file) => `${FOLDER}/${file}`);
  if (name !== undefined) {
    const found = findFile(name, context);
    if (!found.ok) return await say(context, found.message, 2);
    files = [found.value];
  }
  const entries = files.map((file): AssignmentEntry => {
    const read = readAssignment(join(root, file), known);
    const entry = { name: nameOf(file), file };
    return read.ok
      ? { ...entry, ...read }
      : { ...entry, ok: false, message: relative(read.message, context) };
  });
  if (entries.length === 0 && !input.flag('json')) terminal.out(`Nothing is assigned yet. ${EXAMPLE}\n`);
  else print(entries, input, context);
  return Promise.resolve(entries.every(({ ok }) => ok) ? 0 : 2);
}

function print(entries: readonly AssignmentEntry[], input: Input, { terminal, now }: Context): void {
  if (!input.flag('json')) return terminal.out(assignPage(entries, { ...terminal, now: now() }));
  const assignments = entries.map((entry) => ({
    name: entry.name,
    file: entry.file,
    ...(entry.ok
      ? { assignment: entry.assignment, notes: entry.notes, problem: null }
      : { assignment: null, notes: [], problem: entry.message }),
  }));
  terminal.out(harmlessJson({ schema: ASSIGN_SCHEMA, assignments }));
}

/** The file of an assignment, relative to the workbook. A near miss is suggested, never taken. */
function findFile(
  name: string,
  { root }: Context,
): { ok: true; value: string } | { ok: false; message: string } {
  const files = assignmentFiles(root);
  const file = files.find((each) => nameOf(each) === name);
  if (file !== undefined) return { ok: true, value: `${FOLDER}/${file}` };
  const names = files.map(nameOf);
  const near = names.find((each) => each.includes(name) || distance(each, name) <= 2);
  const next = near === undefined ? `To write it: ${EXAMPLE}` : `Did you mean ${near}?`;
  return { ok: false, message: `There is no assignment ${shown(name)}. ${next}` };
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.ya?ml$/i, '');
}

type SaveOutcome = { ok: true; kept: string | null } | { ok: false; message: string; code: ExitCode };

/** Puts the text in its place; at every moment the old file or the new one is there as a whole. */
function save(path: string, text: string, { root, now }: Context, keeps = true): SaveOutcome {
  const blocked = obstacle(root, path);
  if (blocked !== null)
    return {
      ok: false,
      code: 2,
      message: `${blocked} is in the way: a folder, a file or a link. Move it away.`,
    };
  let kept: string | null = null;
  if (keeps && existsSync(join(root, path))) {
    const old = readFileBytes(join(root, path), 64 * 1024 * 1024);
    const copy = old.ok
      ? keepCopy(root, FOLDER, new Map([[nameOf(path) + '.yaml', old]]), now())
      : ({ ok: false, message: `${path} cannot be read, so no copy of it can be kept.` } as const);
    if (!copy.ok) return { ok: false, code: 2, message: copy.message };
    kept = copy.copy.folder;
  }
  try {
    replaceFile(join(root, path), { bytes: Buffer.from(text), mode: 0o644 });
    return { ok: true, kept };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      code: 2,
      message: `${path} could not be written. Look at the free space and at who may write there. (${neutralise(why, { maxLines: 1 })})`,
    };
  }
}

/** Paths as a person sees them from the workbook's folder. */
function relative(message: string, { root }: Context): string {
  return message
    .replaceAll(join(root, FOLDER) + '/', `${FOLDER}/`)
    .replaceAll(join(root, FOLDER) + '\\', `${FOLDER}/`);
}

/** Mistakes of what was typed, not of a file: without its name and lines. */
function reworded(message: string): string {
  return message
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/^line \d+, (extensions\[\d+\]\.)?/, '--'))
    .join('\n');
}

function say(context: Context, message: string, code: ExitCode): Promise<ExitCode> {
  context.terminal.err(`${message}\n`);
  return Promise.resolve(code);
}

const EXAMPLE =
  'npm run assign -- week-1 --exercises 01-http-server..04-jwt --due "2026-12-04 23:59" --tz Europe/Berlin';
const NAMES = 'Use letters, digits, ".", "_" and "-", at most 64, and no dot in front: week-1';
const THERE = 'Edit it, or replace it with --force, which keeps a copy.';
const NEXT = '`npm run assign` says whether it still holds together.';
const FIRST = 'Correct this first; then give the extension again.';
