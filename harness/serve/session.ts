import type { Part, Rule } from '../catalog/exercise.ts';
import type { Checked } from '../check/check.ts';
import type { SubjectFiles } from '../check/files.ts';
import { learnerFrames } from '../check/frames.ts';
import type { Stood } from '../check/stand.ts';
import { OUTPUT_LIMIT } from '../subject/output.ts';
import type { Death } from '../subject/death.ts';
import type { SentRequest } from '../suite/link.ts';
import { openNeeds } from '../verdict/failure.ts';
import type { Page } from '../verdict/page.ts';
import type { RuleResult } from '../verdict/verdict.ts';
import { firstLine } from './first-line.ts';
import { endedText, noRequestText, passingText, servedText, standingText, waysText } from './page.ts';
import type { Printed } from './printed.ts';
import type { Relay } from './relay.ts';
import { requestLine } from './request-line.ts';
import { openRound } from './round.ts';
import type { Rounds, Standing } from './round.ts';
import type { Wake, Waker } from './waker.ts';

/** A rule that fails at another request every time is given up after so many tries. */
const TRIES = 3;

export type Session = {
  rounds: Rounds;
  part: Part;
  /** The rule to replay; null: serve the program as it starts. */
  rule: Rule | null;
  relay: Relay;
  /** Absolute; files that a line to send needs are put there. */
  folder: string;
  waker: Waker;
  printed: Printed;
  page: Page;
  say: (text: string) => void;
  /** Somebody sits at a terminal: a program that ends is waited for. Otherwise its end is the end of all. */
  isTyping: boolean;
};

/** How a round began. `over`: there is nothing to serve, and nothing to wait for. */
type Begun =
  | { kind: 'serves'; standing: Standing; text: string }
  | { kind: 'down'; text: string }
  | { kind: 'over'; text: string; code: 1 | 4 };

/** Serves until there is nothing more to serve, and returns the exit code. Ctrl-C ends the process, and all with it. */
export async function runSession(session: Session, first: SubjectFiles): Promise<0 | 1 | 4> {
  const { relay, page, say, isTyping } = session;
  let files = first;
  for (let round = 1; ; round++) {
    const begun = await begin(session, files);
    say(begun.text);
    if (begun.kind === 'over' && (round === 1 || begun.code === 4 || !isTyping)) return begun.code;
    if (begun.kind === 'serves') {
      relay.lead(begun.standing.at.place.port);
      say(`${waysText(true, isTyping, page)}\n`);
    } else if (!isTyping) {
      return 1;
    } else {
      say(waysText(false, isTyping, page));
    }
    const next = await until(session, begun, files.digests.files);
    if (next === null) return 1;
    if (next.kind === 'gone') return 0;
    files = next.files;
    say(`\n${next.kind === 'changed' ? CHANGED : AGAIN}\n\n`);
  }
}

/** Waits for a reason to begin again; null: the program has ended, and nobody is there to begin again. */
async function until(session: Session, begun: Begun, digest: string): Promise<Wake | null> {
  const { relay, waker, printed, page, say, isTyping } = session;
  const waking = waker.next(digest);
  if (begun.kind !== 'serves') return await waking;
  const { standing } = begun;
  const event = await Promise.race([waking.then(() => null), standing.at.death.then((death) => ({ death }))]);
  relay.lead(null);
  await standing.close();
  printed.flush();
  if (event === null) return await waking;
  say(deathText(session, event.death));
  if (!isTyping) return null;
  say(waysText(false, isTyping, page));
  return await waking;
}

async function begin(session: Session, files: SubjectFiles): Promise<Begun> {
  return session.rule === null
    ? await beginPlain(session, files)
    : await beginReplay(session, session.rule, files);
}

/** The dependencies are those of the part's first rule: it stands before its first request. */
async function beginPlain(session: Session, files: SubjectFiles): Promise<Begun> {
  const { rounds, part, relay, printed, page } = session;
  const { exercise } = rounds;
  const print = (chunk: Buffer): void => printed.add(chunk);
  for (const rule of exercise.rules.filter((each) => each.part === part.name)) {
    const aim = { rule: rule.id, before: 0, alone: true, flows: true, print };
    const opened = await openRound(rounds, files, aim);
    if (opened.kind === 'stands') {
      const base = baseOf(relay);
      const line = firstLine(exercise.folder, base);
      return { kind: 'serves', standing: opened, text: servedText(exercise, part.entry, base, line, page) };
    }
    const result = resultOf(opened.checked, rule.id);
    // A rule without a request: the next one has some.
    if (result.status === 'passed') continue;
    return notStarted(session, opened.checked, result);
  }
  return { kind: 'over', code: 1, text: `${NOTHING_SERVED}\n` };
}

/** Run once to learn at which request the rule fails, then again up to that request. */
async function beginReplay(session: Session, rule: Rule, files: SubjectFiles): Promise<Begun> {
  const { rounds, relay, folder, printed, page } = session;
  const base = baseOf(relay);
  let failed: { result: RuleResult; request: SentRequest } | null = null;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before: number | null = failed?.request.number ?? null;
    // Of the runs that only look for the failing request nothing is shown: the last one prints it all again.
    const kept: Buffer[] = [];
    const stood = { now: false };
    const print = (chunk: Buffer): void => (stood.now ? printed.add(chunk) : void kept.push(chunk));
    const aim = { rule: rule.id, before, alone: false, flows: false, print };
    const opened = await openRound(rounds, files, aim);
    if (opened.kind === 'stands') {
      stood.now = true;
      printed.add(Buffer.concat(kept).subarray(0, OUTPUT_LIMIT));
    }
    if (opened.kind === 'stands') {
      const { at } = opened;
      if (failed === null || at.exchange === null) {
        return { kind: 'serves', standing: opened, text: passingText(rule, at, rounds.seed, base, page) };
      }
      const next = { exchange: at.exchange, body: at.body, pieces: piecesOf(at, failed.request) };
      const line = requestLine(next, relay.port, folder);
      return { kind: 'serves', standing: opened, text: standingText(failed.result, at, base, line, page) };
    }
    const { checked } = opened;
    const result = resultOf(checked, rule.id);
    if (result.status === 'passed' && failed !== null) break;
    if (result.status !== 'failed') return notStarted(session, checked, result);
    const request = checked.requests.get(rule.id);
    if (request === undefined) {
      return { kind: 'over', code: 1, text: noRequestText(rounds.exercise.id, result, page) };
    }
    failed = { result, request };
  }
  return { kind: 'over', code: 1, text: unsteadyText(rounds, rule.id) };
}

/** What was written in the run before, with the first bytes of this one: a token in them may be another. */
function piecesOf(at: Stood, before: SentRequest): Uint8Array[] {
  return at.piece === null || before.pieces.length === 0 ? [] : [at.piece, ...before.pieces.slice(1)];
}

function notStarted({ rounds, part, page }: Session, { verdict }: Checked, result: RuleResult): Begun {
  const { id } = rounds.exercise;
  const { error } = verdict;
  if (error?.kind === 'harness')
    return { kind: 'over', code: 4, text: `${OUR_FAILURE}\n${page.line(error.message)}\n` };
  if (result.status === 'passed') return { kind: 'over', code: 1, text: `${nothingToReplay(result.id)}\n` };
  const folder = `exercises/${id}`;
  if (result.status === 'failed' && result.message !== null) {
    const { expected, got } = result.message;
    const message = `${part.exports.join(', ')}: expected ${expected}, got ${got}`;
    return { kind: 'down', text: endedText(NOT_STARTED, { message, frames: [] }, folder, page) };
  }
  if (error !== null) return { kind: 'down', text: endedText(NOT_STARTED, error, folder, page) };
  const failing = verdict.rules.find((rule) => rule.status === 'failed');
  const waits = openNeeds(result, verdict.rules).join(', ');
  const text = `${result.id} needs ${waits} first.\n`;
  const next =
    failing === undefined
      ? ''
      : `${failing.id} fails. To replay that one: npm run serve ${id} ${failing.id}\n`;
  return { kind: 'over', code: 1, text: text + next };
}

function deathText({ rounds, page }: Session, { why, error }: Death): string {
  const { exercise } = rounds;
  const frames = learnerFrames(error?.stack ?? null, exercise.folder);
  return endedText(ENDED, { message: why, frames }, `exercises/${exercise.id}`, page);
}

function resultOf({ verdict }: Checked, id: string): RuleResult {
  const result = verdict.rules.find((rule) => rule.id === id);
  if (result === undefined) throw new Error(`the verdict has no rule ${id}`);
  return result;
}

function baseOf(relay: Relay): string {
  return `http://127.0.0.1:${relay.port}`;
}

const CHANGED = 'Your files have changed: it starts again.';
const AGAIN = 'It starts again.';
const ENDED = 'Your program has ended.';
const NOT_STARTED = 'Your program could not be started.';
const NOTHING_SERVED = 'No rule of this part sends a request, so there is nothing to serve.';
const OUR_FAILURE =
  'The workbook itself failed, not your program. Run it again; if it happens again, report it with this:';
const nothingToReplay = (rule: string): string =>
  `${rule} passes, and sends no request: there is nothing to replay.`;
const unsteadyText = ({ exercise, seed }: Rounds, rule: string): string =>
  `${rule} did not fail on the same request twice, although all that the workbook sends was the same (seed ${seed}).\n` +
  'Look for what may differ from run to run: the order of answers, a value that outlives a request.\n' +
  `  npm run check ${exercise.id} ${rule}\n`;
