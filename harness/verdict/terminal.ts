import { mark, openNeeds, renderOutput, renderRule, ruleIndent } from './failure.ts';
import { renderInvitation } from './invitation.ts';
import { clip, width } from './layout.ts';
import { neutraliseCommands } from './neutralise.ts';
import { checkLine, createPage, fields, paragraph, type Page, type RenderOptions } from './page.ts';
import { renderPartStopped, renderStopped } from './stopped.ts';
import type { RuleResult, Verdict } from './verdict.ts';

export type { RenderOptions } from './page.ts';

/**
 * A verdict as the learner reads it in the terminal, with a line feed at the end. The rules come first, a line each;
 * one of them in full after that; what to do next at the very end, where the eye is when the check is done. Everything
 * that does not come from this folder is made harmless on its way in, and the lines once more on their way out.
 */
export function renderVerdict(verdict: Verdict, options: RenderOptions): string {
  const page = createPage(options);
  const lines = [...header(verdict, options, page), ...body(verdict, options, page), ...due(options, page)];
  return lines.map((line) => neutraliseCommands(line.trimEnd())).join('\n') + '\n';
}

function header(verdict: Verdict, options: RenderOptions, page: Page): string[] {
  const { paint, marks } = page;
  const id = page.line(verdict.exercise);
  const title = clip(page.line(options.exerciseTitle), page.measure - width(id) - 3, marks.ellipsis);
  return [`${paint.bold(id)} ${marks.dot} ${title}`, ''];
}

function body(verdict: Verdict, options: RenderOptions, page: Page): string[] {
  if (verdict.status === 'error' && verdict.error !== null) {
    return [...renderStopped(verdict.error, verdict, options, page), ...afterError(verdict, options, page)];
  }
  if (options.only !== null) return oneRule(options.only, verdict, options, page);
  if (options.firstTry && verdict.points === 0 && verdict.status === 'failed') {
    return [...renderInvitation(verdict, options, page), ...summary(verdict, options, page)];
  }
  const next = nextRule(verdict.rules);
  // Who has just passed is not shown a failure: extra rules can wait for the next check.
  const isExpanded = next !== null && options.opened.length === 0;
  return [
    ...list(verdict, options.folded === true, page),
    ...(verdict.error === null ? [] : renderPartStopped(verdict.error, verdict, options, page)),
    ...(isExpanded
      ? [...renderRule(next, verdict, page), ...renderOutput(verdict, next, options, page, ruleIndent)]
      : []),
    ...notes(verdict, page),
    ...summary(verdict, options, page),
  ];
}

/** A reminder for who has read the rest. */
function due({ due: text, only }: RenderOptions, page: Page): string[] {
  if (text === undefined || text === null || only !== null) return [];
  return paragraph(page, page.line(text)).map((line) => page.paint.dim(line));
}

/** The rule to work on: the first that failed and does not wait for another, core rules first. */
export function nextRule(rules: RuleResult[]): RuleResult | null {
  const passed = new Set(rules.filter((rule) => rule.status === 'passed').map((rule) => rule.id));
  const inOrder = [...tier(rules, 'core'), ...tier(rules, 'extra')];
  const failed = inOrder.filter((rule) => rule.status === 'failed');
  return (
    failed.find((rule) => rule.needs.every((id) => passed.has(id))) ??
    failed[0] ??
    inOrder.find((rule) => rule.status === 'error') ??
    null
  );
}

function tier(rules: RuleResult[], wanted: RuleResult['tier']): RuleResult[] {
  return rules.filter((rule) => rule.tier === wanted);
}

function list(verdict: Verdict, folded: boolean, page: Page): string[] {
  const core = tier(verdict.rules, 'core');
  const extra = tier(verdict.rules, 'extra');
  const idWidth = Math.max(0, ...verdict.rules.map((rule) => rule.id.length));
  const lines = (rules: RuleResult[]) => {
    const isCounted = (rule: RuleResult) => folded && (rule.status === 'passed' || rule.status === 'untried');
    return [
      ...rules
        .filter((rule) => !isCounted(rule))
        .map((rule) => ruleLine(rule, idWidth, verdict.rules, verdict.status === 'passed', page)),
      ...(folded ? counts(rules, page) : []),
    ];
  };
  return [
    page.paint.bold('Core'),
    ...lines(core),
    '',
    ...(extra.length > 0
      ? [`${page.paint.bold('Extra')} ${page.paint.dim(extraText)}`, ...lines(extra), '']
      : []),
  ];
}

/** The rules that need no eye now, in a line each for those that passed and those that wait. */
function counts(rules: RuleResult[], page: Page): string[] {
  const count = (status: RuleResult['status']) => rules.filter((rule) => rule.status === status).length;
  const [passed, untried] = [count('passed'), count('untried')];
  return [
    ...(passed === 0 ? [] : [`  ${page.paint.green(page.marks.passed)} ${passed} passed`]),
    ...(untried === 0 ? [] : [`  ${page.marks.untried} ${page.paint.dim(`${untried} not tried yet`)}`]),
  ];
}

function ruleLine(
  rule: RuleResult,
  idWidth: number,
  rules: RuleResult[],
  isPassed: boolean,
  page: Page,
): string {
  const { paint, marks } = page;
  const room = page.measure - (2 + marks.passed.length + 1 + idWidth + 2);
  const title = page.line(rule.title);
  const state = stateOf(rule, rules);
  const right = page.line(state ?? rule.citation);
  const isRoomForBoth = width(title) + 2 + width(right) <= room;
  // What a rule waits for is always said; a citation only where there is room for it.
  const isRightShown = right !== '' && (isRoomForBoth || state !== null);
  const shownTitle = clip(title, isRightShown ? room - width(right) - 2 : room, marks.ellipsis);
  const gap = ' '.repeat(Math.max(0, room - width(shownTitle) - width(right)));
  const sign =
    rule.status === 'failed' && rule.tier === 'extra' && !isPassed
      ? paint.dim(marks.failed)
      : mark(rule, page);
  return (
    `  ${sign} ${page.line(rule.id).padEnd(idWidth)}  ` +
    (rule.status === 'untried' ? paint.dim(shownTitle) : shownTitle) +
    (isRightShown ? gap + paint.dim(right) : '')
  );
}

/** What stands at the right of a rule's line instead of its citation. */
function stateOf(rule: RuleResult, rules: RuleResult[]): string | null {
  switch (rule.status) {
    case 'passed':
      return null;
    case 'error':
      return 'could not be judged';
    case 'failed':
      return rule.cause === null || rule.cause === 'wrong' ? null : causeWords[rule.cause];
    case 'untried': {
      const open = openNeeds(rule, rules);
      return open.length === 0 ? 'not tried' : `needs ${open.join(', ')}`;
    }
  }
}

function notes(verdict: Verdict, page: Page): string[] {
  const lines = verdict.notes.flatMap((note) =>
    page.lines(note, page.measure, { maxLines: 6, maxChars: 1_000 }),
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

function summary(verdict: Verdict, options: RenderOptions, page: Page): string[] {
  const { paint, marks } = page;
  const core = `${score(tier(verdict.rules, 'core'))} core`;
  const extraRules = tier(verdict.rules, 'extra');
  const next = nextRule(verdict.rules);
  if (verdict.status !== 'passed') {
    const lead = next === null ? 'not passed' : `next: ${page.line(next.id)}`;
    return [`${paint.bold(lead)} ${marks.dot} ${core}`];
  }
  const scores = extraRules.length > 0 ? `${core} ${marks.dot} ${score(extraRules)} extra` : core;
  return [
    `${paint.bold(paint.green('passed'))}: ${scores}`,
    ...(verdict.mastered ? [paint.bold(paint.yellow(`${marks.star} mastered`))] : []),
    ...(options.recorded ? [] : paragraph(page, notRecordedText)),
    ...onwards(verdict, next, options, page),
  ];
}

/** What to do after a pass. */
function onwards(verdict: Verdict, next: RuleResult | null, options: RenderOptions, page: Page): string[] {
  const { bold } = page.paint;
  const opened = options.opened.map((each) => page.line(each));
  const [first] = opened;
  const extra = next === null ? null : page.line(next.id);
  if (first === undefined) {
    return [
      extra === null
        ? `${bold('next:')} npm run list shows the other exercises`
        : `${bold(`next: ${extra}`)} if you want more, or another exercise: npm run list`,
    ];
  }
  return [
    `${bold('unlocked')}: ${opened.join(', ')}`,
    '',
    ...fields(page, '', [
      ['go on', [bold(`npm run check ${first}`)]],
      // Files of another folder were judged for somebody else.
      ['compare', options.folder === undefined ? [`npm run solution ${page.line(verdict.exercise)}`] : []],
      ['or stay', extra === null ? [] : [checkLine(verdict.exercise, extra, options, page)]],
    ]),
  ];
}

function score(rules: RuleResult[]): string {
  return `${rules.filter((rule) => rule.status === 'passed').length} of ${rules.length}`;
}

function oneRule(asked: string, verdict: Verdict, options: RenderOptions, page: Page): string[] {
  const { bold, green } = page.paint;
  const rule = verdict.rules.find((each) => each.id === asked);
  if (rule === undefined) {
    const ids = verdict.rules.map((each) => page.line(each.id)).join(', ');
    return paragraph(page, `There is no rule ${page.line(asked)} here. The rules are ${ids}.`);
  }
  const blocking = verdict.rules.find((each) => rule.needs.includes(each.id) && each.status === 'failed');
  const shown = rule.status === 'untried' && blocking !== undefined ? [rule, blocking] : [rule];
  const next = shown.at(-1) ?? rule;
  const error = rule.status === 'untried' ? verdict.error : null;
  const lead =
    rule.status === 'passed' ? green(`${page.line(rule.id)} passes`) : `next: ${page.line(next.id)}`;
  return [
    ...shown.flatMap((each) => renderRule(each, verdict, page)),
    ...(error === null ? [] : renderPartStopped(error, verdict, options, page)),
    ...renderOutput(verdict, null, options, page, ruleIndent),
    ...notes(verdict, page),
    options.goesOn === true
      ? `${bold(rule.status === 'passed' ? lead : `${page.line(rule.id)} does not pass`)} ${page.marks.dot} the other rules are being judged`
      : `${bold(lead)} ${page.marks.dot} all rules: ${checkLine(verdict.exercise, null, options, page)}`,
  ];
}

function afterError(verdict: Verdict, options: RenderOptions, page: Page): string[] {
  const again = checkLine(verdict.exercise, options.only, options, page);
  return [...notes(verdict, page), `${page.paint.bold('next')}: ${again}`];
}

const extraText = '(not needed to pass)';

const causeWords = {
  crashed: 'crashed',
  hung: 'no answer in time',
  exited: 'ended by itself',
  memory: 'too much memory',
};

const notRecordedText = 'This pass was not written to your progress.';
