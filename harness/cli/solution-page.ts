import type { RightWay } from '../catalog/solution.ts';
import { neutralise, neutraliseCommands } from '../verdict/neutralise.ts';
import { createPage, paragraph } from '../verdict/page.ts';
import type { Page, RenderOptions } from '../verdict/page.ts';
import type { FileDiff } from './file-diff.ts';
import { renderProse } from './prose.ts';

/** What is shown of an exercise's solution. */
export type SolutionView = {
  exercise: string;
  /** The solution itself, or the variant that was asked for. */
  way: RightWay;
  /** The other right ways. */
  others: readonly RightWay[];
  /** Between the learner's files and those of `way`; `message`: why they could not be read. */
  diffs: { ok: true; files: readonly FileDiff[] } | { ok: false; message: string };
};

/** A right program as the learner reads it: why it looks as it does, how it differs from theirs, what else is right. */
export function renderSolution(
  view: SolutionView,
  options: Pick<RenderOptions, 'colour' | 'columns' | 'unicode'>,
): string {
  const page = createPage(options);
  const lines = [
    ...renderProse(view.way.text, page),
    '',
    ...heading('Its files', page),
    '',
    ...[...view.way.files.keys()].map((path) => `  ${page.line(placeOf(path, view.way))}`),
    '',
    ...heading('Beside yours', page),
    '',
    ...differences(view, page),
    ...otherWays(view, page),
    `${page.paint.bold('one file')}: npm run solution -- ${nameLine(view)} --file ${page.line([...view.way.files.keys()][0] ?? 'FILE')}`,
  ];
  return lines.map((line) => neutraliseCommands(line.trimEnd())).join('\n') + '\n';
}

/** A file that is sealed lies nowhere: its name alone is what `--file` takes. */
function placeOf(path: string, { folder, sealed }: RightWay): string {
  return sealed === true ? path : `${folder}/${path}`;
}

function differences({ exercise, way, diffs }: SolutionView, page: Page): string[] {
  if (!diffs.ok) return [...paragraph(page, diffs.message), ''];
  if (diffs.files.every(({ kind }) => kind === 'same')) return [...paragraph(page, SAME), ''];
  const yours = `exercises/${exercise}`;
  return [
    ...paragraph(page, LEGEND),
    '',
    ...diffs.files.flatMap((diff) => [...oneFile(diff, yours, way.folder, page), '']),
  ];
}

/** Code keeps its lines, however long: wrapped, it could not be read as code. */
function oneFile(diff: FileDiff, yours: string, theirs: string, page: Page): string[] {
  const { paint } = page;
  const path = page.line(diff.path);
  if (diff.kind === 'same') return [`${path}: no difference`];
  if (diff.kind === 'far') return [`${path}: the two have too little in common to be compared line by line`];
  return [
    paint.bold(`--- ${diff.yours ? page.line(`${yours}/${diff.path}`) : 'you have no such file'}`),
    paint.bold(`+++ ${diff.theirs ? page.line(`${theirs}/${diff.path}`) : 'the solution has no such file'}`),
    ...diff.lines.map((line) => {
      const shown = neutralise(line);
      if (line.startsWith('-')) return paint.red(shown);
      if (line.startsWith('+')) return paint.green(shown);
      return line.startsWith('@') || line.startsWith('\\') ? paint.dim(shown) : shown;
    }),
  ];
}

function otherWays(view: SolutionView, page: Page): string[] {
  const { exercise, others } = view;
  const [first] = others;
  if (first === undefined) return [];
  return [
    ...heading('Other right ways', page),
    '',
    ...others.flatMap(({ name, title, summary }) => [
      page.paint.bold(`  ${page.line(name)}`),
      ...paragraph(page, page.line(`${title}. ${summary}`), '      '),
    ]),
    '',
    `${page.paint.bold('one of them')}: npm run solution -- ${page.line(exercise)} --variant ${page.line(first.name)}`,
  ];
}

function nameLine({ exercise, way }: SolutionView): string {
  return way.name === 'solution' ? exercise : `${exercise} --variant ${way.name}`;
}

function heading(text: string, page: Page): string[] {
  return [page.paint.bold(text)];
}

const SAME = 'Your files are the same.';
const LEGEND =
  'Lines with - are yours, lines with + stand there instead. Another program can be just as right as this one.';
