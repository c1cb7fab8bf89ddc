import { wrap } from './layout.ts';
import { checkLine, fields, paragraph, type Page, type RenderOptions } from './page.ts';
import type { RuleResult, Verdict } from './verdict.ts';

/**
 * What stands in the place of results while the learner's files are still the untouched stub: the task, not a list of
 * failures. The rules come in the order of the README, which is the order to build them in.
 */
export function renderInvitation(verdict: Verdict, options: RenderOptions, page: Page): string[] {
  const core = verdict.rules.filter((rule) => rule.tier === 'core');
  // The stub has no points, so a core rule that passes is one that it was given with.
  const kept = core.filter((rule) => rule.status === 'passed');
  const task = core.filter((rule) => rule.status !== 'passed');
  const extra = verdict.rules.length - core.length;
  const first = task.find((rule) => rule.status === 'failed') ?? task[0];
  return [
    page.paint.bold(`Your task: ${count(task.length, 'rule')}`),
    '',
    ...task.flatMap((rule) => ruleLines(rule, idColumns(task), page)),
    '',
    ...(kept.length > 0 ? [...paragraph(page, keptText(kept.map((rule) => page.line(rule.id)))), ''] : []),
    ...(extra > 0 ? [...paragraph(page, extraText(extra, page.marks.star)), ''] : []),
    ...(first === undefined ? [] : [...startLines(first, page), '']),
    ...whereLines(verdict, options, page),
    '',
  ];
}

/** `1 rule`, `9 rules`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function idColumns(rules: RuleResult[]): number {
  return Math.max(...rules.map((rule) => rule.id.length));
}

function ruleLines(rule: RuleResult, idWidth: number, page: Page): string[] {
  const indent = 2 + idWidth + 2;
  const title = wrap(page.line(rule.title), page.measure - indent);
  return title.map((line, index) =>
    index === 0
      ? `  ${page.paint.bold(page.line(rule.id).padEnd(idWidth))}  ${line}`
      : ' '.repeat(indent) + line,
  );
}

function startLines(rule: RuleResult, page: Page): string[] {
  const lead = `Start with ${page.line(rule.id)}:`;
  const [head = '', ...more] = wrap(`${lead} ${page.line(rule.title)}`, page.measure);
  return [page.paint.bold(lead) + head.slice(lead.length), ...more];
}

function whereLines(verdict: Verdict, options: RenderOptions, page: Page): string[] {
  const id = page.line(verdict.exercise);
  const folder = page.line(options.folder ?? `exercises/${id}`);
  return fields(page, '  ', [
    ['read', [`exercises/${id}/README.md`]],
    ['edit', [`${folder}/src/`]],
    ['check', [page.paint.bold(checkLine(verdict.exercise, null, options, page))]],
  ]);
}

const keptText = (ids: string[]) =>
  `Already kept by the code you start from: ${ids.join(', ')}. Take care that it stays so.`;

const extraText = (number: number, star: string) =>
  `That is all a pass needs. ${number === 1 ? '1 extra rule waits' : `${number} extra rules wait`} for later: ` +
  `with all of them you master the exercise ${star}.`;
