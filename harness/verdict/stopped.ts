import { renderOutput } from './failure.ts';
import { fieldLabel, fields, paragraph, type Page, type RenderOptions } from './page.ts';
import type { Frame, Verdict, VerdictError } from './verdict.ts';

/** Why no core rule could be tried: what happened, where, and what to do next. An empty line ends it. */
export function renderStopped(
  error: VerdictError,
  verdict: Verdict,
  options: RenderOptions,
  page: Page,
): string[] {
  const { happened, next } = errorTexts[error.kind];
  return [
    ...heading(`${happened}, so no rule was tried.`, page),
    '',
    ...places(error, verdict, options, page),
    '',
    ...(error.kind === 'load' || error.kind === 'export'
      ? renderOutput(verdict, null, options, page, indent)
      : []),
    ...paragraph(page, next(`exercises/${page.line(verdict.exercise)}/README.md`)),
    '',
    ...(error.kind === 'harness'
      ? [
          ...paragraph(page, `Workbook ${page.line(verdict.harness)}, Node.js ${page.line(verdict.node)}.`),
          '',
        ]
      : []),
  ];
}

/** The same in short, for an error that kept only a part of the exercise from being tried. */
export function renderPartStopped(
  error: VerdictError,
  verdict: Verdict,
  options: RenderOptions,
  page: Page,
): string[] {
  return [
    ...heading(`${errorTexts[error.kind].happened}, so some rules were not tried.`, page),
    '',
    ...places(error, verdict, options, page),
    '',
  ];
}

function heading(text: string, page: Page): string[] {
  return paragraph(page, text).map((line) => page.paint.bold(line));
}

function places(error: VerdictError, verdict: Verdict, options: RenderOptions, page: Page): string[] {
  return renderPlaces(error, options.folder ?? `exercises/${verdict.exercise}`, page);
}

/** What went wrong, and where in the learner's files. `folder`: theirs, as they would type it. */
export function renderPlaces(
  error: Pick<VerdictError, 'message' | 'frames'>,
  folder: string,
  page: Page,
): string[] {
  const room = page.measure - indent.length - fieldLabel;
  const shown = error.frames.slice(0, mostFrames).map((frame) => place(frame, folder, page));
  const left = error.frames.length - shown.length;
  return fields(page, indent, [
    ['error', page.lines(error.message, room, { maxLines: 12, maxChars: 3_000 })],
    ['where', left > 0 ? [...shown, `[not shown: ${left} more]`] : shown],
  ]);
}

/** `exercises/01-http-server/src/server.ts:12:5 (in createServer)`: a form that editors open with a click. */
function place(frame: Frame, folder: string, page: Page): string {
  const isWhole = /^(?:[A-Za-z]:)?[\\/]/.test(frame.file) || frame.file.startsWith(`${folder}/`);
  const file = page.line(isWhole ? frame.file : `${folder}/${frame.file}`);
  const name = frame.name === null ? '' : ` (in ${page.line(frame.name)})`;
  return `${file}:${frame.line}:${frame.column}${name}`;
}

const indent = '  ';
const mostFrames = 5;

type ErrorText = { happened: string; next: (readme: string) => string };

/** What happened where no rule could be tried, and what to do next. `readme`: the path of the spec. */
export const errorTexts: Record<VerdictError['kind'], ErrorText> = {
  files: {
    happened: 'Your files could not be read',
    next: () => 'Look whether the file is there, and whether you may read it.',
  },
  compile: {
    happened: 'Your code has a syntax error',
    next: () =>
      'Go to that place and look at the line and at the one above it. Often a bracket, a quote or a comma is ' +
      'missing, or there is one too many.',
  },
  import: {
    happened: 'Your code imports something that cannot be used here',
    next: (readme) =>
      `The contract in ${readme} says which packages and node: modules you may import. ` +
      "A file of your own is imported by its path:\n\n  import { answer } from './answer.ts';",
  },
  load: {
    happened: 'Your program did not get through its start',
    next: () =>
      'Code outside of functions runs at the start, when your file is imported. Keep it to imports, definitions ' +
      'and exports: the check itself calls what you export.',
  },
  export: {
    happened: 'Your program does not export what the check calls',
    next: (readme) =>
      `The contract in ${readme} names the export. Compare the spelling, and look whether the word export ` +
      'stands before the function.',
  },
  harness: {
    happened: 'The workbook itself failed, not your code',
    next: () =>
      'Check again. If it happens again, it is a mistake in the workbook: report it with the text above ' +
      'and the versions below.',
  },
};
