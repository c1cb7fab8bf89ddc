import type { Exercise } from '../catalog/exercise.ts';
import type { Stood } from '../check/stand.ts';
import { wrap } from '../verdict/layout.ts';
import { fieldLabel, fields, paragraph } from '../verdict/page.ts';
import type { Page } from '../verdict/page.ts';
import { renderPlaces } from '../verdict/stopped.ts';
import type { Frame, RuleResult } from '../verdict/verdict.ts';
import type { RequestLine } from './request-line.ts';

/** The texts of `npm run serve`. All end with a line feed. */

type Titled = Pick<RuleResult, 'id' | 'title'>;
type Rule = Titled & Pick<RuleResult, 'message'>;

const inLines = (lines: readonly string[]): string => `${lines.map((line) => line.trimEnd()).join('\n')}\n`;

/** The program runs as it was started, and nothing was sent yet. `line`: a first thing to send. */
export function servedText(
  exercise: Pick<Exercise, 'id' | 'title'>,
  entry: string,
  base: string,
  line: string,
  page: Page,
): string {
  return inLines([
    `${page.paint.bold(page.line(exercise.id))} ${page.marks.dot} ${page.line(exercise.title)}`,
    '',
    `Your program, ${page.line(entry)}, runs at ${page.paint.bold(base)}`,
    '',
    ...paragraph(page, FRESH),
    '',
    'In a second terminal:',
    '',
    `  ${page.paint.bold(line)}`,
    '',
  ]);
}

/** The program stands right before the request that fails. `clock`: see `Stood`. */
export function standingText(rule: Rule, at: Stood, base: string, line: RequestLine, page: Page): string {
  return inLines([
    ...headline(rule, page),
    '',
    ...failure(rule, page),
    '',
    `Your program runs at ${page.paint.bold(base)}`,
    ...paragraph(page, before(at.sent)),
    ...clockLines(at.clock, page),
    '',
    ...nextLines(line, page),
    '',
  ]);
}

/** The rule passes, and the program stands after its last request. */
export function passingText(rule: Titled, at: Stood, seed: number, base: string, page: Page): string {
  const sent = at.sent === 1 ? 'its only request' : `the last of its ${at.sent} requests`;
  return inLines([
    ...headline(rule, page),
    '',
    ...paragraph(page, `${page.line(rule.id)} passes, with the seed ${seed}. ${SEED}`),
    '',
    `Your program runs at ${page.paint.bold(base)}, and stands after ${sent}.`,
    ...clockLines(at.clock, page),
    '',
  ]);
}

/** The rule fails, and not on a request that could be sent again. */
export function noRequestText(id: string, rule: Rule, page: Page): string {
  return inLines([
    ...headline(rule, page),
    '',
    ...failure(rule, page),
    '',
    ...paragraph(page, `${page.line(rule.id)} fails, but not on one request: ${NO_REQUEST}`),
    `  npm run check ${page.line(id)} ${page.line(rule.id)}`,
  ]);
}

/** The program could not be started, or has ended. `folder`: the learner's, as they would type it. */
export function endedText(
  what: string,
  error: { message: string; frames: Frame[] },
  folder: string,
  page: Page,
): string {
  return inLines(['', page.paint.bold(what), '', ...renderPlaces(error, folder, page), '']);
}

/** How to go on, for who sits in front of a terminal or not. */
export function waysText(runs: boolean, isTyping: boolean, page: Page): string {
  const again = isTyping ? 'after every save, and when you type r and Enter' : 'after every save';
  return inLines(
    paragraph(
      page,
      runs ? `It starts again ${again}. Ctrl-C ends it.` : `It is started ${again}. Ctrl-C ends this.`,
    ),
  );
}

function headline(rule: Titled, page: Page): string[] {
  const lead = `${page.line(rule.id)}  `;
  const title = wrap(page.line(rule.title), page.measure - lead.length);
  return title.map((line, index) => page.paint.bold((index === 0 ? lead : ' '.repeat(lead.length)) + line));
}

function failure({ message }: Rule, page: Page): string[] {
  const room = page.measure - fieldLabel - 2;
  const text = (value: string | null | undefined): string[] =>
    value === null || value === undefined || value.trim() === ''
      ? []
      : page.lines(value, room, { maxLines: 8, maxChars: 2_000 });
  return fields(page, '  ', [
    ['step', text(message?.step)],
    ['sent', text(message?.sent)],
    ['expected', text(message?.expected)],
    ['got', text(message?.got)],
  ]);
}

function before(sent: number): string {
  if (sent === 0) return 'It stands right before the request that fails, which is the first.';
  const count = sent === 1 ? 'The request before it was' : `The ${sent} requests before it were`;
  return `It stands right before the request that fails. ${count} sent.`;
}

function clockLines(clock: number | null, page: Page): string[] {
  if (clock === null) return [];
  const time = new Date(clock).toISOString();
  return paragraph(page, `Its clock stands still at ${time}, and so does Date in it.`);
}

function nextLines(line: RequestLine, page: Page): string[] {
  switch (line.kind) {
    case 'curl':
      return ['Send it from a second terminal:', '', `  ${page.paint.bold(line.line)}`, ...windows(page)];
    case 'nc':
      return [...paragraph(page, RAW), '', `  ${page.paint.bold(line.line)}`, ...windows(page)];
    case 'none':
      return paragraph(page, `The request cannot be sent from a terminal. ${line.why} ${LOOK}`);
  }
}

function windows(page: Page): string[] {
  return process.platform === 'win32' ? ['', ...paragraph(page, WINDOWS)] : [];
}

const FRESH =
  'It has what the check gives it: its own database and folder where it needs them, both fresh at every start, ' +
  'ids and keys. Its clock shows the real time.';

const SEED =
  'A check that failed names its seed. To replay that very check, give the seed: npm run serve -- ID RULE --seed N';

const NO_REQUEST =
  'a value, a function call, what stands in the database, or what several requests say together. ' +
  'So there is no line to send. The check shows it again:';

const RAW =
  'Send it from a second terminal. Its bytes matter, and curl would send others, so printf writes them and nc sends them:';

const WINDOWS = 'The line is for a POSIX shell, such as Git Bash or WSL.';

const LOOK = 'The program waits all the same.';
