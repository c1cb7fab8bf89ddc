import { neutralise } from '../verdict/neutralise.ts';
import type { Grades, Mark } from '../grade/grades.ts';

/** `out`: the folder of the reports, as it is to be shown. */
export type GradePage = { unicode: boolean; out: string };

/** No more refused files than these are shown for one exercise. */
const MOST_SHOWN = 10;

/** A grade for the terminal: a line for each exercise, and beneath it what was not taken. */
export function gradePage(grades: Grades, { unicode, out }: GradePage): string {
  const dot = unicode ? ' · ' : ' - ';
  const width = Math.max(0, ...grades.exercises.map(({ exercise }) => exercise.length));
  const lines = grades.exercises.flatMap((mark) => [
    [
      `${mark.exercise.padEnd(width)}  ${mark.mastered ? 'mastered' : mark.status}`,
      `${mark.core.passed} of ${mark.core.rules} core`,
      `${mark.points} of ${mark.maxPoints} points`,
      mark.error === null ? null : REASONS[mark.error],
      `isolation ${mark.isolation}`,
    ]
      .filter((text) => text !== null)
      .join(dot),
    ...refusedLines(mark),
  ]);
  const commit = grades.submission.commit === null ? '' : `${dot}commit ${grades.submission.commit}`;
  const own = grades.exercises.some(({ provenance }) => provenance.judge === 'self-reported');
  return `${[
    ...lines,
    '',
    `${grades.points} of ${grades.maxPoints} points${commit}`,
    ...(own ? [SELF_REPORTED] : []),
    `written to ${neutralise(out, { maxLines: 1 })}`,
  ].join('\n')}\n`;
}

function refusedLines({ refused, refusedFiles, takenFiles }: Mark): string[] {
  if (refusedFiles === 0) return [];
  const shown = refused.slice(0, MOST_SHOWN);
  return [
    `  ${takenFiles} ${takenFiles === 1 ? 'file' : 'files'} taken, ${refusedFiles} refused:`,
    ...shown.map(
      ({ path, why }) => `    ${neutralise(path, { maxLines: 1 })}: ${neutralise(why, { maxLines: 1 })}`,
    ),
    ...(refusedFiles > shown.length ? [`    and ${refusedFiles - shown.length} more`] : []),
  ];
}

const REASONS: Record<NonNullable<Mark['error']>, string> = {
  files: 'files cannot be read',
  compile: 'syntax error',
  import: 'an import cannot be used',
  load: 'does not start',
  export: 'an export is missing',
  harness: 'the workbook failed',
};

const SELF_REPORTED =
  'self-reported: these files lie in the working copy that judged them. Judge them from a copy of your own for a mark.';
