import type { Exercise } from '../catalog/exercise.ts';
import { NAME } from '../grade/assignment/assignment.ts';
import { chooseExercises } from '../grade/assignment/choose.ts';
import { instantOf, LOCAL_TIME, zoneProblem } from '../grade/assignment/times.ts';
import { countWish, lateWish, showWish, weightWish } from '../grade/assignment/wish.ts';
import type { Wished } from '../grade/assignment/wish.ts';
import type { NewAssignment, NewExtension } from '../grade/assignment/write.ts';
import { shown } from './command.ts';
import type { Input } from './command.ts';

/** Options that say what a new assignment is like. */
const NEW = [
  'exercises',
  'due',
  'opens',
  'tz',
  'late',
  'late-days',
  'grace',
  'asks',
  'attempts',
  'show',
  'title',
];

/** Whether the line asks for a new assignment. */
export function isNewWish(input: Input): boolean {
  return (
    NEW.some((name) => input.value(name) !== null) || input.values('weight').length > 0 || input.flag('force')
  );
}

/** All that was typed for a new assignment, checked. */
export function newWish(input: Input, exercises: readonly Exercise[]): Wished<NewAssignment> {
  const typed = input.values('exercises').join(',');
  const chosen = chooseExercises(
    typed,
    exercises.map(({ id }) => id),
  );
  if (!chosen.ok) return { ok: false, message: chosen.message };
  const timezone = input.value('tz') ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wrongZone = zoneProblem(timezone);
  if (wrongZone !== null) return { ok: false, message: `--tz: ${wrongZone}` };
  const times = { opens: input.value('opens'), due: input.value('due') };
  for (const [name, time] of Object.entries(times)) {
    const problem = time === null ? null : timeProblem(name, time, timezone);
    if (problem !== null) return { ok: false, message: problem };
  }
  const asks = input.value('asks') ?? 'core';
  if (asks !== 'core' && asks !== 'all')
    return { ok: false, message: `--asks takes core or all, not ${shown(asks)}.` };
  const late = lateWish(input.value('late') ?? 'none');
  if (!late.ok) return late;
  const show = showWish(input.value('show') ?? 'full');
  if (!show.ok) return show;
  const weights = weightWish(input.values('weight'), chosen.ids);
  if (!weights.ok) return weights;
  const lateDays = countWish('late-days', input.value('late-days') ?? '0', 0, 365);
  if (!lateDays.ok) return lateDays;
  const grace = countWish('grace', input.value('grace') ?? '0', 0, 10_080);
  if (!grace.ok) return grace;
  const typedAttempts = input.value('attempts');
  const attempts = typedAttempts === null ? null : countWish('attempts', typedAttempts, 1, 1000);
  if (attempts !== null && !attempts.ok) return attempts;
  const title = input.value('title') ?? '';
  if (title.length > 200) return { ok: false, message: '--title takes at most 200 characters.' };
  return {
    ok: true,
    value: {
      title,
      timezone,
      ...(times.opens === null ? {} : { opens: times.opens }),
      ...(times.due === null ? {} : { due: times.due }),
      graceMinutes: grace.value,
      late: late.value,
      lateDays: lateDays.value,
      attempts: attempts === null ? null : attempts.value,
      show: show.value,
      exercises: chosen.ids.map((id) => ({ id, weight: weights.value.get(id) ?? 1, asks })),
      titles: new Map(exercises.map(({ id, title: each }) => [id, each])),
    },
  };
}

export type ExtensionWish = { name: string; extension: NewExtension };

/** What was typed for an extension. The zone of its time is that of the file, so the file's reader has the last word. */
export function extensionWish(name: string | undefined, input: Input): Wished<ExtensionWish> {
  const student = input.value('extend') ?? '';
  const due = input.value('due');
  const wrong = (message: string): Wished<ExtensionWish> => ({ ok: false, message });
  if (name === undefined)
    return wrong(
      'Which assignment? Name it first: npm run assign -- week-1 --extend ada --due "2026-12-11 23:59"',
    );
  if (!NAME.test(student))
    return wrong(
      `${shown(student)} is no student of a roster: letters, digits, ".", "_" and "-", at most 64, no dot in front.`,
    );
  const stray = NEW.find((each) => each !== 'due' && input.value(each) !== null);
  if (stray !== undefined || input.values('weight').length > 0 || input.flag('force')) {
    const which = stray ?? (input.flag('force') ? 'force' : 'weight');
    const meant = which === 'exercises' ? ' One exercise is chosen with --exercise ID.' : '';
    return wrong(
      `--${which} is for a new assignment, not for an extension.${meant} Edit the file for all else.`,
    );
  }
  if (due === null) return wrong(`Until when does ${student} have time? Add --due "2026-12-11 23:59"`);
  const problem = timeProblem('due', due, 'UTC');
  if (problem !== null) return wrong(problem);
  const why = input.value('why') ?? '';
  if (why.length > 500) return wrong('--why takes at most 500 characters.');
  return { ok: true, value: { name, extension: { student, due, exercise: input.value('exercise'), why } } };
}

function timeProblem(option: string, time: string, zone: string): string | null {
  if (!LOCAL_TIME.test(time))
    return `--${option} takes a time such as "2026-12-04 23:59", in quotes, not ${shown(time)}.`;
  const instant = instantOf(time, zone, 'end');
  return instant.ok ? null : `--${option} ${time}: ${instant.problem}`;
}
