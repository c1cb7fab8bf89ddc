import { count } from './invitation.ts';
import { neutraliseCommands } from './neutralise.ts';
import { createPage, type RenderOptions } from './page.ts';

/** One finding of the TypeScript compiler in the learner's files. `line` and `column` count from 1. */
export type TypeNote = { file: string; line: number; column: number; text: string };

/** More than this is a list that nobody reads. */
const SHOWN = 5;

/** What the compiler found, to stand beneath a verdict; empty when it found nothing. */
export function renderTypeNotes(
  notes: readonly TypeNote[],
  options: Pick<RenderOptions, 'colour' | 'columns' | 'unicode'> & { folder: string },
): string {
  if (notes.length === 0) return '';
  const page = createPage(options);
  const lines = notes.slice(0, SHOWN).flatMap(({ file, line, column, text }) => {
    const [first = '', ...rest] = page.lines(text, page.measure - 4, { maxLines: 3 });
    const place = page.line(`${options.folder}/${file}:${line}:${column}`);
    return [`  ${page.paint.dim(place)}`, ...[first, ...rest].map((each) => `    ${each}`)];
  });
  const more = notes.length > SHOWN ? [`  and ${count(notes.length - SHOWN, 'more finding')}`] : [];
  return ['', `${page.paint.bold('Types')} ${page.paint.dim(HEADING)}`, ...lines, ...more, '']
    .map((line) => neutraliseCommands(line.trimEnd()))
    .join('\n');
}

const HEADING = '(what the TypeScript compiler found; it decides nothing)';
