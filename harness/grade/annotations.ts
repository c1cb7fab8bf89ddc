import type { Graded, Judged } from './grade.ts';
import type { Mark } from './grades.ts';
import { errorText, failureLines } from './rule-text.ts';
import { annotation } from './sink/workflow-command.ts';
import type { Level } from './sink/workflow-command.ts';

/** GitHub shows ten annotations of a kind for one step, and drops the others. */
const MOST = 10;

/** A grade as annotations of GitHub Actions, a line each. Empty: everything passed, or the detail tells of nothing. */
export function renderAnnotations({ grades, judged }: Graded): string {
  const all = judged.flatMap((each, index) => annotationsOf(each, grades.exercises[index] as Mark));
  const shown = (['error', 'warning', 'notice'] as const).flatMap((level) => {
    return all.filter((each) => each.level === level).slice(0, MOST);
  });
  return shown.map(({ line }) => `${line}\n`).join('');
}

type Line = { level: Level; line: string };

function annotationsOf({ exercise, verdict }: Judged, mark: Mark): Line[] {
  const { id } = exercise;
  const lines: Line[] = [];
  const add = (level: Level, title: string, message: string, place = {}): void => {
    lines.push({ level, line: annotation(level, title, message, place) });
  };
  const error = errorText(verdict);
  if (error !== null) {
    const [frame] = verdict.error?.frames ?? [];
    const place =
      frame === undefined
        ? {}
        : { file: `exercises/${id}/${frame.file}`, line: frame.line, col: frame.column };
    add('error', id, error, place);
  }
  for (const rule of verdict.rules) {
    if (rule.status !== 'failed') continue;
    add(rule.tier === 'core' ? 'error' : 'warning', `${id} ${rule.id} ${rule.title}`, failureLines(rule));
  }
  if (lines.length === 0 && mark.status !== 'passed') {
    add('error', id, `${mark.status}: ${mark.points} of ${mark.maxPoints} points`);
  }
  return lines;
}
