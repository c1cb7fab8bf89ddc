import type { Assignment, LatePolicy } from '../grade/assignment/assignment.ts';
import { awayText, dueText } from '../grade/assignment/times.ts';
import { fields, createPage, paragraph } from '../verdict/page.ts';
import type { Page, RenderOptions } from '../verdict/page.ts';

/** One file of assignments/, read or with all that is wrong in it. `file`: relative to the workbook. */
export type AssignmentEntry = { name: string; file: string } & (
  { ok: true; assignment: Assignment; notes: string[] } | { ok: false; message: string }
);

type PageOptions = Pick<RenderOptions, 'colour' | 'columns' | 'unicode'> & { now: number };

/** The assignments of a workbook for who made them: what holds, and what is wrong. */
export function assignPage(entries: readonly AssignmentEntry[], options: PageOptions): string {
  const page = createPage(options);
  const lines = entries.flatMap((entry) => [
    ...(entry.ok ? rowsOf(entry.assignment, entry.notes, page, options.now) : problemRows(entry, page)),
    '',
  ]);
  const broken = entries.filter(({ ok }) => !ok).length;
  const count = `${entries.length} ${entries.length === 1 ? 'assignment' : 'assignments'}`;
  const end = broken === 0 ? 'all can be used' : `${broken} cannot be used`;
  return `${[...lines, entries.length === 1 && broken === 0 ? '' : `${count}: ${end}`].join('\n').trimEnd()}\n`;
}

function problemRows(entry: Extract<AssignmentEntry, { ok: false }>, page: Page): string[] {
  const rows = entry.message.split('\n').flatMap((line) => {
    const indent = line.startsWith(' ') ? '    ' : '  ';
    return paragraph(page, page.line(line.trim()), indent);
  });
  return [`${page.paint.red(page.marks.error)} ${page.paint.bold(page.line(entry.name))}`, ...rows];
}

function rowsOf(assignment: Assignment, notes: readonly string[], page: Page, now: number): string[] {
  const { name, title, exercises, extensions, late, lateDays, graceMs, attempts, show, timezone } =
    assignment;
  const at = (time: number) => `${dueText(time, timezone, now)}, ${awayText(time, now)}`;
  // The time that most have stands above; exercises with another say so in their own rows.
  const usual = mostCommon(exercises.map(({ due }) => due));
  const opens = mostCommon(exercises.map(({ opens: each }) => each));
  const points = exercises.reduce((sum, { weight }) => sum + weight, 0);
  const width = Math.max(...exercises.map(({ id }) => id.length));
  const wrap = (text: string) => paragraph({ ...page, measure: page.measure - 14 }, page.line(text));
  return [
    `${page.paint.bold(page.line(name))}${title === name ? '' : ` ${page.marks.dot} ${page.line(title)}`}`,
    ...fields(page, '  ', [
      ['opens', opens === null ? [] : [at(opens)]],
      ['due', [usual === null ? 'never' : at(usual)]],
      ['late', wrap(lateText(late, graceMs, lateDays))],
      ['attempts', attempts === null ? [] : [String(attempts)]],
      [
        'shows',
        show.before === 'full' && show.after === 'full'
          ? []
          : [`${show.before}, after the due time ${show.after}`],
      ],
      [
        'asks for',
        exercises.map(({ id, weight, asks, due }) =>
          [
            id.padEnd(width),
            `${weight} ${weight === 1 ? 'point' : 'points'}`.padEnd(8),
            asks === 'all' ? 'all rules' : 'core rules',
            ...(due === usual ? [] : [due === null ? 'never due' : `due ${dueText(due, timezone, now)}`]),
          ].join('  '),
        ),
      ],
      ['in all', [`${points} ${points === 1 ? 'point' : 'points'}`]],
      [
        'extended',
        extensions.map(({ student, due, exercise, why }) =>
          page.line(
            `${student}: ${dueText(due, timezone, now)}${exercise === null ? '' : ` for ${exercise}`}${why === '' ? '' : ` (${why})`}`,
          ),
        ),
      ],
      ['note', notes.flatMap(wrap)],
    ]),
  ];
}

/** `10 % a day begun, at most 50 %; 15 minutes of grace; 2 late days each` */
function lateText(late: LatePolicy, graceMs: number, lateDays: number): string {
  const minutes = graceMs / 60_000;
  return [
    costText(late),
    ...(minutes === 0 ? [] : [`${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of grace`]),
    ...(lateDays === 0 ? [] : [`${lateDays} late ${lateDays === 1 ? 'day' : 'days'} each`]),
  ].join('; ');
}

function costText(late: LatePolicy): string {
  switch (late.policy) {
    case 'none':
      return 'costs nothing';
    case 'zero':
      return 'counts nothing';
    case 'per-day':
      return `${late.percent} % for each day begun, at most ${late.most} %`;
    case 'decay':
      return `up to ${late.most} %, in a straight line over ${late.hours} hours`;
  }
}

function mostCommon(values: readonly (number | null)[]): number | null {
  const count = (value: number | null) => values.filter((each) => each === value).length;
  return values.toSorted((a, b) => count(b) - count(a))[0] ?? null;
}
