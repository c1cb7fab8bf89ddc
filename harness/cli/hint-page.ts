import { neutraliseCommands } from '../verdict/neutralise.ts';
import { createPage, paragraph } from '../verdict/page.ts';
import type { Page, RenderOptions } from '../verdict/page.ts';
import { renderProse } from './prose.ts';

/** The version of the format below. */
export const HINT_SCHEMA = 1;

/** What `npm run hint -- --json` prints. */
export type HintDocument = {
  schema: typeof HINT_SCHEMA;
  exercise: string;
  rule: string;
  title: string;
  citation: string;
  /** Why this rule: it was named, it failed in the newest check, or no check is known and one begins with it. */
  why: 'named' | 'failing' | 'first';
  /** How many hints the rule has. */
  levels: number;
  /** Up to which hint they are shown here. */
  level: number;
  /** The hints from the vaguest to that one, in Markdown. */
  hints: string[];
  /** Whether the next call goes on from here. */
  remembered: boolean;
  /** The command that shows more: the next hint, or after the last one the solution. */
  next: string;
};

type HintOptions = Pick<RenderOptions, 'colour' | 'columns' | 'unicode'> & {
  /** Every hint was asked for: none of them is an earlier one. */
  all: boolean;
  passed: boolean;
};

const INDENT = 4;

/** The hints of a rule as the learner reads them: those seen before dimly, the new one below, then what comes next. */
export function renderHint(hint: HintDocument, options: HintOptions): string {
  const page = createPage(options);
  const inner = createPage({ ...options, columns: page.measure - INDENT });
  const lines = [
    ...headline(hint, page),
    ...why(hint, options, page),
    '',
    ...hint.hints.flatMap((text, index) => {
      const isEarlier = !options.all && index < hint.hints.length - 1;
      const weigh = isEarlier ? page.paint.dim : (line: string) => line;
      return [
        weigh(page.paint.bold(`  hint ${index + 1} of ${hint.levels}`)),
        ...renderProse(text, inner).map((line) => (line === '' ? '' : weigh(' '.repeat(INDENT) + line))),
        '',
      ];
    }),
    ...onwards(hint, options, page),
  ];
  return lines.map((line) => neutraliseCommands(line.trimEnd())).join('\n') + '\n';
}

function headline({ exercise, rule, title }: HintDocument, page: Page): string[] {
  const text = `${page.line(exercise)} ${page.line(rule)} ${page.marks.dot} ${page.line(title)}`;
  return paragraph(page, text).map(page.paint.bold);
}

function why(hint: HintDocument, { all }: HintOptions, page: Page): string[] {
  const sentences = [
    ...(hint.why === 'named' ? [] : [hint.why === 'failing' ? FAILING : hint.remembered ? FIRST : UNKNOWN]),
    ...(all && hint.levels > 1 ? [ALL] : []),
  ];
  return sentences.flatMap((sentence) => paragraph(page, sentence));
}

function onwards(hint: HintDocument, { passed }: HintOptions, page: Page): string[] {
  const left = hint.levels - hint.level;
  const lead = page.paint.bold(left === 0 ? 'no hint is left' : `${left} more`);
  const next = `${lead} ${page.marks.dot} ${left === 0 ? 'the solution' : 'next'}: ${hint.next}`;
  return [next, ...(left === 0 && !passed ? paragraph(page, ASKS) : [])];
}

const FAILING = 'It is the first rule that failed in your last check.';
const FIRST = 'You have not checked this exercise yet, so this is about the rule to begin with.';
const UNKNOWN = 'Nobody knows what you checked last, so this is about the rule to begin with.';
const ALL = 'These are all of its hints, as you asked. The last one is nearly the code.';
const ASKS = 'It asks before it shows anything, as you have not passed yet.';
