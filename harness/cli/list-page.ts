import { describeProblem } from '../catalog/load-exercise.ts';
import { clip, width } from '../verdict/layout.ts';
import { neutraliseCommands } from '../verdict/neutralise.ts';
import { createPage, paragraph } from '../verdict/page.ts';
import type { Page } from '../verdict/page.ts';
import type { Overview, OverviewEntry, OverviewState } from './overview.ts';

export type ListOptions = {
  colour: boolean;
  columns: number;
  unicode: boolean;
  /** Every phase in full, and what is still to come. */
  all: boolean;
};

/** A title of fewer columns says nothing. */
const LEAST_TITLE = 8;

/** A phase of fewer rows is not worth folding. */
const FEWEST_FOLDED = 3;

/**
 * The exercises as the learner reads them in the terminal, by phase. A phase in which nothing is to be done now, because
 * all of it is finished or all of it is locked, takes one line. What to do next stands at the end, where the eye is.
 */
export function renderOverview(overview: Overview, options: ListOptions): string {
  const page = createPage(options);
  const shown = overview.exercises.filter(({ state }) => options.all || state !== 'planned');
  const layout = layoutOf(shown, page, options.unicode);
  const lines = [
    ...phases(shown).flatMap(([phase, entries]) => {
      const folded = options.all ? null : fold(entries, overview.current, page);
      const title = phase === null ? 'Other' : `Phase ${phase}`;
      return folded === null
        ? [
            page.paint.bold(title),
            ...entries.flatMap((entry) => [row(entry, overview, layout, page), ...dueRows(entry, page)]),
            '',
          ]
        : [`${page.paint.bold(title)} ${page.paint.dim(`${page.marks.dot} ${folded}`)}`, ''];
    }),
    ...problems(shown, page),
    ...summary(overview, page, options.all),
  ];
  return lines.map((line) => neutraliseCommands(line.trimEnd())).join('\n') + '\n';
}

function phases(entries: readonly OverviewEntry[]): [phase: number | null, entries: OverviewEntry[]][] {
  const numbers = [...new Set(entries.map(({ phase }) => phase))];
  return numbers
    .toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity))
    .map((phase) => [phase, entries.filter((entry) => entry.phase === phase)]);
}

/** One line for a phase in which nothing is to be done now; null: show it in full. */
function fold(entries: readonly OverviewEntry[], current: string | null, page: Page): string | null {
  const total = entries.length;
  const isOfInterest = ({ id, problem, tasks }: OverviewEntry) =>
    id === current || problem !== null || tasks.some(({ words }) => words !== null);
  if (total < FEWEST_FOLDED || entries.some(isOfInterest)) return null;
  const count = (...states: OverviewState[]) => entries.filter(({ state }) => states.includes(state)).length;
  if (count('locked') === total) {
    const minutes = entries.reduce((sum, entry) => sum + (entry.minutes ?? 0), 0);
    return [`${total} exercises, all locked`, timeText(minutes)].join(` ${page.marks.dot} `);
  }
  if (count('passed', 'mastered') < total) return null;
  const mastered = count('mastered');
  return [`all ${total} passed`, ...(mastered > 0 ? [`${mastered} mastered`] : [])].join(
    ` ${page.marks.dot} `,
  );
}

/** Widths in terminal columns. `title` and `minutes` are 0 where there is no room for them. */
type Layout = {
  signs: Record<OverviewState, string>;
  arrow: string;
  id: number;
  title: number;
  minutes: number;
  state: number;
};

function layoutOf(entries: readonly OverviewEntry[], page: Page, unicode: boolean): Layout {
  const widest = (texts: string[]) => Math.max(0, ...texts.map(width));
  const id = widest(entries.map((entry) => entry.id));
  const state = widest(entries.map((entry) => stateText(entry, unicode)));
  const wanted = widest(entries.map(minutesText));
  const room = page.measure - (2 + page.marks.passed.length + 1) - id - 2 - state;
  const minutes = room - wanted - 4 >= LEAST_TITLE ? wanted : 0;
  const left = room - 2 - (minutes === 0 ? 0 : minutes + 2);
  return {
    id,
    state,
    minutes,
    title: left >= LEAST_TITLE ? left : 0,
    signs: {
      planned: unicode ? ' ' : '  ',
      failing: page.marks.failed,
      mastered: page.marks.star.padEnd(page.marks.passed.length),
      passed: page.marks.passed,
      skipped: unicode ? '»' : '>>',
      broken: page.marks.error,
      locked: unicode ? '·' : '. ',
      open: page.marks.untried,
    },
    arrow: unicode ? '→' : '>',
  };
}

function row(entry: OverviewEntry, overview: Overview, layout: Layout, page: Page): string {
  const { paint, marks } = page;
  const isCurrent = entry.id === overview.current;
  const isFaint = entry.state === 'locked' || entry.state === 'planned' || entry.state === 'skipped';
  const weigh = isCurrent ? paint.bold : isFaint ? paint.dim : (text: string) => text;
  const title = clip(page.line(entry.title ?? ''), layout.title, marks.ellipsis);
  const cells = [
    weigh(entry.id.padEnd(layout.id)),
    ...(layout.title === 0 ? [] : [weigh(title) + ' '.repeat(layout.title - width(title))]),
    ...(layout.minutes === 0 ? [] : [paint.dim(minutesText(entry).padStart(layout.minutes))]),
    weigh(stateText(entry, layout.arrow === '→')),
  ];
  const sign = colourOf(entry.state, page)(layout.signs[entry.state]);
  return `${isCurrent ? layout.arrow : ' '} ${sign} ${cells.join('  ')}`;
}

/** When it is due, below its row: the most urgent of what assignments ask. */
function dueRows({ tasks }: OverviewEntry, page: Page): string[] {
  const [task] = tasks.filter(({ words }) => words !== null);
  if (task === undefined || task.words === null) return [];
  const indent = ' '.repeat(2 + page.marks.passed.length + 1);
  const text = page.line(`${task.words} (${task.title}${task.asks === 'all' ? ', all rules' : ''})`);
  return paragraph(page, text, indent).map((line) => page.paint.dim(line));
}

function colourOf(state: OverviewState, { paint }: Page): (text: string) => string {
  if (state === 'passed') return paint.green;
  if (state === 'mastered') return paint.yellow;
  if (state === 'failing' || state === 'broken') return paint.red;
  return (text) => text;
}

function stateText(entry: OverviewEntry, unicode: boolean): string {
  const { state, core, missing, problem } = entry;
  if (problem !== null) return 'broken';
  if (state === 'failing') return 'fails now';
  if (state === 'locked') return `needs ${numbers(missing, unicode)}`;
  if (state === 'planned') return 'to come';
  if (state === 'open' && core !== null) return `${core.passed} of ${core.total} core`;
  return state;
}

/** `02, 05` · `01–05, 07` · `03 and 6 more`: the number is the start of an id, and stands in the same list. */
function numbers(ids: readonly string[], unicode: boolean): string {
  const runs: string[][] = [];
  for (const number of ids.map((id) => id.slice(0, 2)).toSorted()) {
    const run = runs.at(-1);
    if (run !== undefined && Number(run.at(-1)) + 1 === Number(number)) run.push(number);
    else runs.push([number]);
  }
  const texts = runs.flatMap((run) =>
    run.length > 2 ? [`${run[0]}${unicode ? '–' : '-'}${run.at(-1)}`] : run,
  );
  return texts.length <= 3 ? texts.join(', ') : `${ids[0]?.slice(0, 2)} and ${ids.length - 1} more`;
}

function minutesText({ minutes }: OverviewEntry): string {
  return minutes === null ? '' : `${minutes} min`;
}

function problems(entries: readonly OverviewEntry[], page: Page): string[] {
  return entries.flatMap(({ id, problem }) => {
    if (problem === null) return [];
    const [where = '', ...lines] = describeProblem(problem).split('\n');
    return [
      ...paragraph(page, `${page.paint.bold(id)} cannot be used:`),
      ...[where, ...lines].flatMap((line) =>
        paragraph(page, line.trim(), line.startsWith(' ') ? '    ' : '  '),
      ),
      '',
    ];
  });
}

function summary(
  { exercises, minutesLeft, current, progress }: Overview,
  page: Page,
  all: boolean,
): string[] {
  const { paint, marks } = page;
  const here = exercises.filter(({ state }) => state !== 'planned');
  const count = (test: (entry: OverviewEntry) => boolean) => here.filter(test).length;
  const mastered = count(({ masteredAt }) => masteredAt !== null);
  const failing = count(({ state }) => state === 'failing');
  const planned = exercises.length - here.length;
  const standing = [
    `${count(({ passedAt }) => passedAt !== null)} of ${here.length} passed`,
    ...(mastered > 0 ? [`${mastered} mastered ${marks.star}`] : []),
    ...(failing > 0 ? [`${failing} of them ${failing === 1 ? 'fails' : 'fail'} now`] : []),
    ...(minutesLeft > 0 ? [`about ${timeText(minutesLeft)} left`] : []),
  ];
  const toCome = `${planned} more ${planned === 1 ? 'is' : 'are'} to come`;
  return [
    ...(progress ? paragraph(page, standing.join(` ${marks.dot} `)) : []),
    ...(planned === 0 ? [] : [paint.dim(all ? `${toCome}.` : `${toCome}: npm run list -- --all`)]),
    ...next(here, current, progress, page),
  ];
}

function next(
  here: readonly OverviewEntry[],
  current: string | null,
  isKnown: boolean,
  page: Page,
): string[] {
  if (current !== null) {
    // In words as well: an arrow in front of a row is easily missed by whoever has the list read out.
    return [
      ...(isKnown ? [`You are at ${current}.`] : []),
      `${page.paint.bold('next:')} npm run check ${current}`,
    ];
  }
  const waiting = here.some(({ state }) => state === 'locked' || state === 'broken');
  return paragraph(page, waiting ? NOTHING_OPEN : ALL_DONE);
}

/** `45 min` · `1 h 30 min` · `83 h` */
function timeText(minutes: number): string {
  const whole = Math.round(minutes);
  const hours = Math.floor(whole / 60);
  if (hours === 0) return `${whole} min`;
  if (hours >= 10) return `${Math.round(whole / 60)} h`;
  return whole % 60 === 0 ? `${hours} h` : `${hours} h ${whole % 60} min`;
}

const NOTHING_OPEN = 'Nothing is open that you could go on with. `npm run unlock ID` opens an exercise.';
const ALL_DONE = 'Everything here is passed or skipped. To check an exercise again: npm run check ID';
