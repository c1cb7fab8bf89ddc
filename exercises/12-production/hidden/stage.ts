// canary 72d84f75769daa3abf54c670
import { clock, database, eventually, played, show, step, Unmet } from '#suite';
import type { Answer, App, Trial } from '#suite';

/** How long a check is waited for, in milliseconds of the clock. */
export const CHECK_TIMEOUT = 60_000;

/** What a generated id looks like, and an id from outside that is taken. */
export const HARMLESS_ID = /^[A-Za-z0-9._-]{1,64}$/;

export type Line = Record<string, unknown>;

export type Opened = { t: Trial; app: App; token: string; log: string };

/** An app. `checks`: names of played functions. `log`: the name of the played function that takes its lines. */
export async function openApp(
  t: Trial,
  {
    checks = [],
    db = 'app',
    log = 'write',
    host = 1,
  }: { checks?: readonly string[]; db?: string; log?: string; host?: number } = {},
): Promise<Opened> {
  const token = t.random.word(24);
  const dependencies = {
    db: database(db),
    mail: played('mail'),
    checks: checks.map((name) => ({ name, check: played(name) })),
    checkTimeoutMs: CHECK_TIMEOUT,
    clock: clock(),
    write: played(log),
    metricsToken: token,
  };
  const app = await t.serve('createApp', [dependencies], { host });
  return { t, app, token, log };
}

/** All that was logged so far, as it was written. */
export async function logged({ t, log }: Opened): Promise<string> {
  await t.quiet();
  const pieces = t.play(log).calls.map(([text]) => text);
  const other = pieces.find((text) => typeof text !== 'string');
  if (other !== undefined) throw new Unmet({ expected: 'write(text) with a string', got: show(other) });
  const torn = pieces.find((text) => text !== '' && !String(text).endsWith('\n'));
  if (torn !== undefined)
    throw new Unmet({ expected: 'write(text) with whole lines', got: `write(${show(torn)})` });
  return pieces.join('');
}

/** All lines so far. Text that is no JSON object on a line ends the rule. */
export async function lines(opened: Opened): Promise<Line[]> {
  return linesOf(await logged(opened));
}

/** The lines of a text that was logged. */
export function linesOf(text: string): Line[] {
  if (text !== '' && !text.endsWith('\n'))
    throw new Unmet({ expected: 'lines that end with a newline', got: text.slice(-200) });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => lineOf(line));
}

export function lineOf(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Line;
  throw new Unmet({ expected: 'one JSON object on each line', got: text.slice(0, 300) || 'an empty line' });
}

/** Lines that `holds`; at least `count` of them are waited for, and then those that come right behind. */
export async function linesWith(
  opened: Opened,
  count: number,
  holds: (line: Line) => boolean,
): Promise<Line[]> {
  await eventually(async () => (await lines(opened)).filter(holds).length >= count, opened.t.patience / 2);
  return (await lines(opened)).filter(holds);
}

/** The request lines of one id, path or whatever else tells them. */
export async function requestLines(
  opened: Opened,
  count: number,
  holds: (line: Line) => boolean,
): Promise<Line[]> {
  return await linesWith(opened, count, (line) => 'status' in line && holds(line));
}

export async function post(
  { app }: Opened,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return await app.post('/notes', { json: { text }, headers });
}

/** Stores a note and gives back its id as it stands in a path. */
export async function newNote(opened: Opened, text = opened.t.random.word()): Promise<string> {
  const answer = (await post(opened, text)).must(
    '201 and JSON with the note',
    ({ status, json }) => status === 201 && (json as { text: unknown }).text === text,
  );
  return String((answer.json as { id: unknown }).id);
}

/** Runs `during` while `mail` does not answer; it starts with `begin` under way, as many as `count`. */
export async function whileMailHangs<T>(
  { t }: Opened,
  count: number,
  begin: () => Promise<T>,
  during: () => Promise<void>,
): Promise<T> {
  const mail = t.play('mail').hold();
  const answers = begin();
  // Whoever waits for it comes later; a failure meanwhile is told there.
  answers.catch(() => {});
  await step(t, `${t.step}: mail is called`, async () => {
    const called = await eventually(() => Promise.resolve(mail.waiting >= count), t.patience);
    if (!called)
      throw new Unmet({ expected: `${count} calls of mail`, got: String(mail.waiting), cause: 'hung' });
    await t.quiet();
  });
  await during();
  await mail.release();
  return await answers;
}

export function must(holds: boolean, expected: string, got: unknown, sent: string | null = null): void {
  if (!holds) throw new Unmet({ expected, got: typeof got === 'string' ? got : show(got), sent });
}

/** The last lines, for whoever looks for another. */
export async function shown(all: Promise<Line[]>): Promise<string> {
  const last = (await all).slice(-4).map((line) => JSON.stringify(line));
  return last.length === 0 ? 'nothing was given to write(…)' : `the last lines are\n${last.join('\n')}`;
}
