import { spread, wrap } from './layout.ts';
import { checkLine, fieldLabel, fields, paragraph, type Page, type RenderOptions } from './page.ts';
import type { Exchange, RuleResult, Verdict } from './verdict.ts';

/** What is said about a rule stands under its title. */
export const ruleIndent = '      ';

/** One rule in full: what was sent, what came, what it may mean, and where to read on. An empty line ends it. */
export function renderRule(rule: RuleResult, verdict: Verdict, page: Page): string[] {
  return [...headline(rule, page), ...(rule.status === 'passed' ? [] : details(rule, verdict, page)), ''];
}

/**
 * What the program printed, as it came but harmless; the end of it, where an error would stand. An empty line ends it.
 * `alone`: a rule that could be checked alone, to see less of it.
 */
export function renderOutput(
  verdict: Verdict,
  alone: RuleResult | null,
  options: Pick<RenderOptions, 'folder'>,
  page: Page,
  indent: string,
): string[] {
  const { text, truncated } = verdict.output;
  if (text.trim() === '') return [];
  const gutter = `${indent}${page.marks.bar} `;
  const shown = page.lines(text, page.columns - gutter.length, {
    maxLines: outputLines,
    maxColumns: 400,
    maxChars: 8_000,
    keep: 'end',
  });
  const again = indent + checkLine(verdict.exercise, alone?.id ?? null, options, page);
  const isCut = shown.some((line) => line.startsWith('[not shown:'));
  return [
    ...paragraph(page, outputText, indent),
    ...shown.map((line) => page.paint.dim(gutter) + line),
    ...(truncated ? paragraph(page, truncatedText, indent) : []),
    ...(isCut && alone !== null ? [...paragraph(page, aloneText(page.line(alone.id)), indent), again] : []),
    '',
  ];
}

/** The sign of a rule's state, in its colour. */
export function mark(rule: RuleResult, page: Page): string {
  const { paint, marks } = page;
  switch (rule.status) {
    case 'passed':
      return paint.green(marks.passed);
    case 'failed':
      return paint.red(marks.failed);
    case 'error':
      return paint.yellow(marks.error);
    case 'untried':
      return paint.dim(marks.untried);
  }
}

function headline(rule: RuleResult, page: Page): string[] {
  const lead = `${page.line(rule.id)}  `;
  const hanging = ' '.repeat(page.marks.passed.length + 1 + lead.length);
  const title = wrap(page.line(rule.title), page.measure - hanging.length);
  const citation = page.line(rule.citation);
  const last = title.length - 1;
  // The citation stands at the right of the title's last line, or where it does not fit, on a line of its own.
  const room = page.measure - hanging.length;
  const beside = spread(title[last] ?? '', citation, room);
  const lines = title.map((line, index) => (index === last && beside !== null ? beside : line));
  const withCitation = beside === null ? [...lines, citation] : lines;
  return withCitation.map((line, index) => {
    const cited = citation !== '' && line.endsWith(citation) && index === withCitation.length - 1;
    const text = cited ? line.slice(0, line.length - citation.length) : line;
    return (
      (index === 0 ? `${mark(rule, page)} ${page.paint.bold(lead)}` : hanging) +
      page.paint.bold(text) +
      (cited ? page.paint.dim(citation) : '')
    );
  });
}

function details(rule: RuleResult, verdict: Verdict, page: Page): string[] {
  const { message } = rule;
  const room = page.measure - ruleIndent.length;
  const text = (value: string | null | undefined, maxLines: number, columns = room) =>
    value === null || value === undefined || value.trim() === ''
      ? []
      : page.lines(value, columns, { maxLines, maxChars: 2_000 });
  const field = (value: string | null | undefined, maxLines: number) =>
    text(value, maxLines, room - fieldLabel);
  const note = message?.note ?? null;
  // The note of a hung rule says which of the possible reasons it was.
  const explanation = rule.cause === 'hung' && note !== null ? null : explain(rule, verdict.rules);
  const often = message?.often ?? null;
  const blocks = [
    fields(page, '', [
      ['step', field(message?.step === rule.title ? null : message?.step, 3)],
      ['sent', field(message?.sent ?? requestLine(rule.exchange), 8)],
      ['expected', field(message?.expected, 8)],
      ['got', field(message?.got, 12)],
    ]),
    text(explanation, 6),
    text(note, 6),
    text(often === null ? null : `this often means: ${often}`, 6),
    rule.status === 'failed' ? whereToLook(rule, verdict, page) : [],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block) => ['', ...block.map((line) => ruleIndent + line)]);
}

function whereToLook(rule: RuleResult, verdict: Verdict, page: Page): string[] {
  const id = page.line(verdict.exercise);
  return fields(page, '', [
    // A failure without a request leaves nothing to play with.
    ['replay', rule.exchange !== null && page.replays ? [`npm run serve ${id} ${page.line(rule.id)}`] : []],
    ['hints', [`npm run hint ${id} ${page.line(rule.id)}`]],
    ['seed', [`${verdict.seed}, of all random values in this check`]],
  ]);
}

/** What a rule waits for: those of its needs that have not passed. */
export function openNeeds(rule: RuleResult, rules: RuleResult[]): string[] {
  return rule.needs.filter((id) => rules.find((other) => other.id === id)?.status !== 'passed');
}

function requestLine(sent: Exchange | null): string | null {
  if (sent === null) return null;
  return sent.raw ?? `${sent.method} ${sent.target}`;
}

function explain(rule: RuleResult, rules: RuleResult[]): string | null {
  if (rule.status === 'error') return errorText;
  if (rule.status === 'untried') {
    const open = openNeeds(rule, rules);
    return open.length === 0 ? untriedText : `${untriedText} It needs ${open.join(', ')} first.`;
  }
  if (rule.cause === null || rule.cause === 'wrong') return null;
  return causeTexts[rule.cause];
}

const outputLines = 12;

/** What each cause means, for the learner; `wrong` explains itself. */
export const causeTexts = {
  crashed:
    'In Node.js an error that nothing catches ends the whole program: a throw in a callback, ' +
    'or a rejected promise without a catch.',
  hung: 'Look for an answer that is never sent, a promise that never settles, or a loop that never ends.',
  exited: 'Look for a call of process.exit(): your program must still be there for the next request or call.',
  memory: 'Look for a loop that never ends, or for a list or a text that grows with every round.',
};

const errorText =
  'The check of this rule failed, not your program, so nothing is known about the rule. Run the check again. ' +
  'If it happens again, it is a mistake in the workbook.';

const untriedText = 'This rule was not tried.';

const outputText = 'Your program printed during this check:';

const truncatedText = 'It printed more than the workbook keeps; the rest is lost.';

const aloneText = (rule: string) => `To see only what belongs to ${rule}, check it alone:`;
