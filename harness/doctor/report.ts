import { wrap } from '../verdict/layout.ts';
import type { Page } from '../verdict/page.ts';
import type { Finding } from './finding.ts';

/** The width of the words for a state. */
const STATE = 6;

/** The version of the JSON below. */
export const DOCTOR_SCHEMA = 1;

/** One finding: its state in a word, what was found, and what helps. */
export function renderFinding({ name, state, text, fix }: Finding, page: Page): string {
  const { paint } = page;
  const indent = ' '.repeat(STATE);
  const colour = { ok: paint.green, warn: paint.yellow, fail: paint.red }[state];
  const found = wrap(`${page.line(name)}: ${page.line(text)}`, page.measure - STATE);
  return [
    ...found.map((line, index) => (index === 0 ? colour(state.padEnd(STATE)) : indent) + line),
    // A command is never wrapped: it is there to be copied.
    ...(fix === null ? [] : [`${indent}${paint.dim('fix:')} ${page.line(fix)}`]),
    '',
  ]
    .slice(0, fix === null ? -1 : undefined)
    .map((line) => `${line}\n`)
    .join('');
}

/** The last lines: what the findings mean together. */
export function renderSum(findings: readonly Finding[], page: Page): string {
  const count = (state: Finding['state']): number => findings.filter((each) => each.state === state).length;
  const [failed, warned] = [count('fail'), count('warn')];
  const { bold, green, red } = page.paint;
  if (failed > 0) {
    return `\n${bold(red(`${failed} ${failed === 1 ? 'thing keeps' : 'things keep'} the workbook from working.`))} Begin with the first.\n`;
  }
  const warnings = warned === 0 ? '' : ` ${warned} ${warned === 1 ? 'warning' : 'warnings'}.`;
  return `\n${bold(green('All that is needed works.'))}${warnings}\n`;
}

/** The findings for programs, with a line feed at the end. */
export function renderFindings(
  findings: readonly Finding[],
  about: { node: string; platform: string },
): string {
  const works = findings.every(({ state }) => state !== 'fail');
  return `${JSON.stringify({ schema: DOCTOR_SCHEMA, works, ...about, findings }, null, 2)}\n`;
}
