import type { Exercise } from '../catalog/exercise.ts';
import { lockState } from '../progress/lock.ts';
import type { LockState } from '../progress/lock.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, withProgress } from './exercises.ts';
import { inWords } from './locks.ts';

export const unlockCommand: Command = {
  name: 'unlock',
  summary: 'Open an exercise before you passed what it builds on.',
  positionals: [{ name: 'ID', help: 'The exercise, for example 01-http-server.' }],
  options: {},
  examples: [['npm run unlock 02-sql', 'work on it now, whatever it builds on']],
  notes: ['It opens this one exercise. What builds on it stays locked until you pass it.'],
  run: runUnlock,
};

async function runUnlock(input: Input, context: Context): Promise<ExitCode> {
  const { out, err } = context.terminal;
  const [id = ''] = input.positionals;
  const listed = allExercises(context);
  const found = listed.ok ? findExercise(listed.value, id) : listed;
  if (!found.ok) {
    err(`${found.message}\n`);
    return 2;
  }
  const exercise = found.value;
  return await withProgress(context, async (access): Promise<ExitCode> => {
    if (!access.ok) {
      err(`${access.message}\n${notUnlocked(exercise.id)}\n`);
      return 4;
    }
    const states = access.progress.states();
    const isPassed = (states.get(exercise.id)?.passedAt ?? null) !== null;
    const lock = lockState(exercise.id, exercise.requires, states, NOWHERE);
    if (isPassed || lock.kind === 'open') {
      out(`${alreadyOpen(exercise, isPassed, lock)}\n${start(exercise)}\n`);
      return 0;
    }
    const saved = access.progress.unlock(exercise.id);
    if (!saved.ok) {
      err(`${saved.message}\n`);
      return 4;
    }
    out(`${opened(exercise, lock.missing)}\n${start(exercise)}\n`);
    return 0;
  });
}

function alreadyOpen({ id, requires }: Exercise, isPassed: boolean, lock: LockState): string {
  if (isPassed) return `${id} is open already: you passed it.`;
  if (lock.kind === 'locked' || lock.why === 'no-requirements') {
    return `${id} is open already: it builds on no other exercise.`;
  }
  if (lock.why === 'unlocked') return `${id} is open already: you unlocked it.`;
  const done = lock.why === 'requirements-passed' ? 'passed' : 'passed or skipped';
  return `${id} is open already: you ${done} ${inWords(requires)}.`;
}

function opened({ id }: Exercise, missing: readonly string[]): string {
  return [
    `${id} is open.`,
    `It normally builds on ${inWords(missing)}: the README may speak of things that you meet there.`,
  ].join('\n');
}

function start({ id }: Exercise): string {
  return `  read    exercises/${id}/README.md\n  check   npm run check ${id}`;
}

/** Where someone unlocks by hand, being in CI does not make it open already. */
const NOWHERE = { ci: false, from: false, assigned: false };

const notUnlocked = (id: string) =>
  `Nothing was unlocked. Without progress nothing is locked either: npm run check ${id}`;
