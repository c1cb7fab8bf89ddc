import type { Exercise } from '../catalog/exercise.ts';
import { keptCopies } from '../catalog/kept-copy.ts';
import type { KeptCopy } from '../catalog/kept-copy.ts';
import { resetExercise, restoreCopy } from '../catalog/replace-editable.ts';
import type { Replaced, Replacement, Replacing } from '../catalog/replace-editable.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { assignedIn } from './assigned.ts';
import { chosenExercise } from './chosen.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import { askConsent } from './consent.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, withProgress } from './exercises.ts';
import type { Found } from './exercises.ts';

export { resetExercise } from '../catalog/replace-editable.ts';

export const resetCommand: Command = {
  name: 'reset',
  summary: 'Begin an exercise again: put its starting code back, and keep a copy of yours.',
  positionals: [
    { name: '[ID]', help: 'The exercise, for example 01-http-server. Without it: the one you are at.' },
  ],
  options: {
    yes: { help: 'Do it without a question.' },
    restore: {
      value: 'COPY',
      help: 'Bring back a copy that was kept: its name, or "last" for the newest. What is there now is kept as well.',
    },
  },
  examples: [
    ['npm run reset 01-http-server', 'begin again'],
    ['npm run reset -- 01-http-server --restore last', 'bring back what the last reset put aside'],
  ],
  notes: [
    'It needs neither git nor a network. What you passed stays passed.',
    'Copies are kept in .workbook/kept/ and never deleted.',
  ],
  run: runReset,
};

async function runReset(input: Input, context: Context): Promise<ExitCode> {
  const { err } = context.terminal;
  const chosen = await choose(input.positionals[0], context);
  if (!chosen.ok) {
    err(`${chosen.message}\n`);
    return 2;
  }
  const exercise = chosen.value;
  const typed = input.value('restore');
  const copy = typed === null ? null : findCopy(typed, keptCopies(context.root, exercise.id), exercise.id);
  if (copy !== null && !copy.ok) {
    err(`${copy.message}\n`);
    return 2;
  }
  const wanted = copy === null ? null : copy.value;
  let isAnswered = true;
  const replacing: Replacing = {
    root: context.root,
    exercise,
    now: context.now(),
    confirm: async (replacement) => {
      if (input.flag('yes')) return true;
      err(`${plan(exercise, wanted, replacement)}\n`);
      const consent = await askConsent(context.terminal, 'Go on?');
      isAnswered = consent !== 'silent';
      return consent === 'given';
    },
  };
  const replaced = wanted === null ? await resetExercise(replacing) : await restoreCopy(replacing, wanted);
  return report(replaced, { exercise, wanted, isAnswered }, context);
}

/** A named exercise needs no progress. Without a name and without progress, a guess could cost somebody an evening. */
async function choose(typed: string | undefined, context: Context): Promise<Found<Exercise>> {
  const listed = allExercises(context);
  if (!listed.ok) return listed;
  if (typed !== undefined) return findExercise(listed.value, typed);
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access) =>
    access.ok
      ? chosenExercise('reset', typed, listed.value, access.progress.states(), assigned)
      : { ok: false, message: `${access.message}\n${NAME_ONE}` },
  );
}

/** The copy that a person named. */
function findCopy(typed: string, copies: readonly KeptCopy[], id: string): Found<KeptCopy> {
  const newest = copies.at(-1);
  if (newest === undefined) return { ok: false, message: `No copy of ${id} was kept yet.` };
  // As a shell completes it, a copy is a path.
  const name = typed.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  const found = name === 'last' ? newest : copies.find((copy) => copy.name === name);
  if (found !== undefined) return { ok: true, value: found };
  const names = copies.slice(-MOST_COPIES).map((copy) => `  ${copy.name}`);
  const which = copies.length > names.length ? `The newest ${names.length}` : 'Those of this exercise';
  return { ok: false, message: [`There is no copy ${shown(typed)}. ${which}:`, ...names].join('\n') };
}

function plan(exercise: Exercise, copy: KeptCopy | null, replacement: Replacement): string {
  const what = copy === null ? 'the starting code' : `the copy ${copy.name}`;
  const rows: [path: string, text: string][] = [
    ...replacement.changed.map((path): [string, string] => [path, 'becomes what it was']),
    ...replacement.missing.map((path): [string, string] => [path, 'comes back']),
    ...replacement.additional.map((path): [string, string] => [path, 'goes, as it was not there']),
  ];
  const shownRows = rows.slice(0, MOST_FILES).map(([path, text]) => [neutralise(path), text] as const);
  const width = Math.max(0, ...shownRows.map(([path]) => path.length));
  return [
    `This puts ${what} of ${exercise.id} in the place of your files:`,
    ...shownRows.map(([path, text]) => `  ${path.padEnd(width)}  ${text}`),
    ...(rows.length > MOST_FILES ? [`  and ${rows.length - MOST_FILES} more`] : []),
    'A copy of all your files is kept first.',
  ].join('\n');
}

type Work = { exercise: Exercise; wanted: KeptCopy | null; isAnswered: boolean };

function report(replaced: Replaced, { exercise, wanted, isAnswered }: Work, context: Context): ExitCode {
  const { out, err } = context.terminal;
  const { id } = exercise;
  switch (replaced.kind) {
    case 'same':
      out(
        wanted === null
          ? `Nothing to reset: your files of ${id} are the starting code.\n`
          : `Nothing to bring back: your files of ${id} are those of the copy.\n`,
      );
      return 0;
    case 'declined': {
      const again = wanted === null ? `${id} --yes` : `${id} --restore ${wanted.name} --yes`;
      const how = isAnswered ? '' : ` To do it without a question: npm run reset -- ${again}`;
      err(`Nothing was changed.${how}\n`);
      return isAnswered ? 1 : 2;
    }
    case 'refused':
      err(`${replaced.message}\nNothing was changed.\n`);
      return 2;
    case 'failed':
      err(`${replaced.message}\n${replaced.copy === null ? '' : keptLines(id, replaced.copy)}`);
      return 4;
    case 'replaced': {
      const { changed, missing, additional } = replaced.replacement;
      const written = changed.length + missing.length;
      const counts = [
        ...(written > 0 ? [`${files(written)} put back`] : []),
        ...(additional.length > 0 ? [`${files(additional.length)} taken away`] : []),
      ];
      const now = wanted === null ? 'is at its beginning again' : `is as in the copy ${wanted.name}`;
      out(
        `${id} ${now}: ${counts.join(', ')}.\n` +
          (replaced.copy === null ? 'There was no file of yours to keep.\n' : keptLines(id, replaced.copy)) +
          `  go on       npm run check ${id}\n`,
      );
      return 0;
    }
  }
}

function keptLines(id: string, copy: KeptCopy): string {
  return `  your files  ${copy.folder}/\n  bring back  npm run reset -- ${id} --restore ${copy.name}\n`;
}

const files = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`;

const MOST_FILES = 20;
const MOST_COPIES = 10;
const NAME_ONE = 'So nobody knows which exercise you are at. Name it: npm run reset ID';
