import { lockState, newlyOpened } from '../progress/lock.ts';
import type { States } from '../progress/progress.ts';
import type { ListedExercise } from '../catalog/catalog.ts';
import { assignedIn } from './assigned.ts';
import type { Assigned } from './assigned.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, currentListed, findListed, loadedExercises, withProgress } from './exercises.ts';
import { inWords } from './locks.ts';

export const skipCommand: Command = {
  name: 'skip',
  summary: 'Leave an exercise out for now, so that those which build on it open.',
  positionals: [{ name: 'ID', help: 'The exercise, for example 01-http-server.' }],
  options: {},
  examples: [['npm run skip 01-http-server', 'go on without it']],
  notes: ['Your files stay as they are. To come back, check the exercise again: npm run check ID'],
  run: runSkip,
};

async function runSkip(input: Input, context: Context): Promise<ExitCode> {
  const { out, err } = context.terminal;
  const [typed = ''] = input.positionals;
  const listed = allExercises(context);
  // One that is damaged can be skipped: then it stands in nobody's way.
  const found = listed.ok ? findListed(listed.value, typed) : listed;
  if (!listed.ok || !found.ok) {
    err(`${found.ok ? '' : found.message}\n`);
    return 2;
  }
  const { id } = found.value;
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access): Promise<ExitCode> => {
    if (!access.ok) {
      err(`${access.message}\n${notSkipped(id)}\n`);
      return 4;
    }
    const { progress } = access;
    const before = progress.states();
    const state = before.get(id);
    if ((state?.passedAt ?? null) !== null) {
      out(`You passed ${id}: there is nothing to skip.\n${goOn(listed.value, before, assigned)}\n`);
      return 0;
    }
    if (state?.skipped === true) {
      out(
        `${id} is skipped already.\n${goOn(listed.value, before, assigned)}\n${comeBack(found.value, before)}\n`,
      );
      return 0;
    }
    const saved = progress.skip(id);
    if (!saved.ok) {
      err(`${saved.message}\n`);
      return 4;
    }
    const after = progress.states();
    const opened = newlyOpened(before, after, loadedExercises(listed.value)).filter(
      (each) => !assigned.isOpen(each),
    );
    const unlocked =
      opened.length === 0 ? 'No other exercise opens with it.' : `Unlocked: ${inWords(opened)}.`;
    out(
      `${id} is skipped. ${unlocked}\n${goOn(listed.value, after, assigned)}\n${comeBack(found.value, after)}\n`,
    );
    return 0;
  });
}

function goOn(listed: readonly ListedExercise[], states: States, assigned: Assigned): string {
  const current = currentListed(listed, states, assigned);
  return `  go on       ${current === null ? 'npm run list' : `npm run check ${current.id}`}`;
}

function comeBack(listed: ListedExercise, states: States): string {
  const { id } = listed;
  const requires = listed.ok ? listed.exercise.requires : [];
  const isLocked =
    lockState(id, requires, states, { ci: false, from: false, assigned: false }).kind === 'locked';
  // Skipping an exercise does not open it.
  return `  come back   npm run ${isLocked ? 'unlock' : 'check'} ${id}`;
}

const notSkipped = (id: string) =>
  `Nothing was skipped. Without progress nothing is locked either: npm run check ${id}`;
