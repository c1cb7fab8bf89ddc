import type { Change, Changes } from '../grade/sweep/changes.ts';
import type { SweepResult } from '../grade/sweep/sweep.ts';
import { neutralise } from '../verdict/neutralise.ts';

export type SweepPageOptions = { unicode: boolean; out: string };

/** No more changes than these are shown; all of them are in regrade.json. */
const MOST_SHOWN = 100;

/** What a sweep found, for the terminal: a line for each exercise. */
export function sweepPage(
  { gradebook, judged, known, troubles }: SweepResult,
  options: SweepPageOptions,
): string {
  const dot = options.unicode ? ' · ' : ' - ';
  const { students, assignment } = gradebook;
  const width = Math.max(0, ...assignment.exercises.map(({ id }) => id.length));
  const rows = assignment.exercises.map(({ id }) => {
    const all = students.flatMap(({ exercises }) => exercises.filter((each) => each.id === id));
    const count = (status: string): number => all.filter((each) => each.status === status).length;
    const late = all.filter(({ lateness, status }) => lateness.lateMs > 0 && status !== 'missing').length;
    return [
      `${id.padEnd(width)}  ${count('passed')} passed`,
      `${count('failed')} not passed`,
      ...(count('missing') > 0 ? [`${count('missing')} missing`] : []),
      ...(count('error') > 0 ? [`${count('error')} error`] : []),
      ...(late > 0 ? [`${late} late`] : []),
    ].join(dot);
  });
  return `${[
    ...rows,
    '',
    [
      students.length === 1 ? '1 student' : `${students.length} students`,
      `${judged} judged now`,
      `${known} marks`,
      `isolation ${gradebook.isolation}`,
      ...(troubles.length > 0 ? [`${troubles.length} could not be judged`] : []),
    ].join(dot),
    `written to ${neutralise(options.out, { maxLines: 1 })}`,
  ].join('\n')}\n`;
}

/** What changed when all was judged again: for whom, what and why. */
export function changesTable({ changes, compared }: Changes, { unicode }: { unicode: boolean }): string {
  const start = compared === 1 ? '1 mark was judged before' : `${compared} marks were judged before`;
  if (changes.length === 0) return `${start}, and each of them is the same.\n`;
  const arrow = unicode ? '→' : '->';
  const cells = changes
    .slice(0, MOST_SHOWN)
    .map((change) => [
      change.student,
      change.exercise,
      `${change.before.status} ${change.before.points} ${arrow} ${change.after.status} ${change.after.points}`,
      change.rules.map(({ id, after }) => `${id} ${after}`).join(', '),
      change.why.map((cause) => CAUSES[cause]).join(', '),
    ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const more = changes.length - MOST_SHOWN;
  return `${[
    `${start}; ${changes.length} changed:`,
    ...lines,
    ...(more > 0 ? [`and ${more} more, all of them in regrade.json`] : []),
  ].join('\n')}\n`;
}

const CAUSES: Record<Change['why'][number], string> = {
  files: 'other files',
  suite: 'another suite',
  harness: 'another harness',
  node: 'another Node.js',
  isolation: 'another isolation',
  flaky: 'nothing is different: flaky',
};
