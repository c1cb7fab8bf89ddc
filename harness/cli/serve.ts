import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { randomInt } from 'node:crypto';
import type { Exercise, Part, Rule } from '../catalog/exercise.ts';
import { Engine } from '../check/engine.ts';
import { loadedSubjectFiles } from '../check/files.ts';
import { Printed } from '../serve/printed.ts';
import { Relay } from '../serve/relay.ts';
import { runSession } from '../serve/session.ts';
import { Waker } from '../serve/waker.ts';
import { Scratch } from '../subject/scratch.ts';
import { createPage } from '../verdict/page.ts';
import { assignedIn } from './assigned.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import { inCi, workbookVersion } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, statesOf, withProgress } from './exercises.ts';
import { SEEDS } from './judge.ts';
import { lockedText, lockOf } from './locks.ts';
import { findRule, looksLikeRule } from './rules.ts';

const USUAL_PORT = 4000;

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Start your program and play with it, or replay a rule up to the request that fails.',
  positionals: [
    { name: 'ID', help: 'The exercise, for example 01-http-server.' },
    {
      name: '[RULE]',
      help: 'A rule, for example R5: its requests are sent up to the one that fails, and you get the line that sends that one.',
    },
  ],
  options: {
    port: {
      value: 'N',
      help: `The port, on this machine alone. ${USUAL_PORT} when left out; when it is taken, the next free one.`,
    },
    part: { value: 'NAME', help: 'Which part, where an exercise has several programs with HTTP.' },
    seed: { value: 'N', help: 'Repeat the random values of a check: the seed that a failed rule names.' },
  },
  examples: [
    ['npm run serve 01-http-server', 'your server, at http://127.0.0.1:4000'],
    ['npm run serve 01-http-server R5', 'the same, right before the request on which R5 fails'],
    ['npm run serve -- 01-http-server --port 8080', 'at another port'],
  ],
  notes: [
    'The program runs as in a check: with the same limits, on a database and a folder of its own. What it prints is shown behind a bar. Save one of your files, and it starts again with nothing kept. When it crashes you see where, and it waits for your next save; without a terminal it ends with 1.',
    'It ends with 130 after Ctrl-C, 1 when there is nothing to serve, 2 for wrong use or a damaged exercise, 3 when the exercise is locked, 4 when the workbook itself failed.',
  ],
  run: (input, context) => runServe(input, context, { input: process.stdin, output: process.stdout }),
};

/** What of this process the command needs besides its context; tests give their own. */
export type ServeStreams = { input: Readable & { isTTY?: boolean }; output: EventEmitter };

/** What was asked for, understood. `rule` null: the program as it starts. */
type Wanted = { exercise: Exercise; part: Part; rule: Rule | null };

type Understood = { ok: true; wanted: Wanted } | { ok: false; message: string; code: 2 | 3 };

export async function runServe(input: Input, context: Context, streams: ServeStreams): Promise<ExitCode> {
  const misused = misuse(input);
  if (misused !== null) return say(context, misused, 2);
  const understood = await understand(input, context);
  if (!understood.ok) return say(context, understood.message, understood.code);
  const port = Number(input.value('port') ?? USUAL_PORT);
  const opened = await Relay.open(port);
  if (!opened.ok) {
    return say(
      context,
      opened.reason === 'forbidden' ? forbidden(port) : noPort(opened.message),
      opened.reason === 'forbidden' ? 2 : 4,
    );
  }
  const { relay } = opened;
  if (port !== 0 && relay.port !== port)
    context.terminal.err(`Port ${port} is taken, so it is ${relay.port}.\n\n`);
  try {
    return await serve(understood.wanted, relay, { input, context, streams });
  } finally {
    relay.close();
  }
}

type Around = { input: Input; context: Context; streams: ServeStreams };

async function serve(
  { exercise, part, rule }: Wanted,
  relay: Relay,
  { input, context, streams }: Around,
): Promise<ExitCode> {
  const { terminal, root, build } = context;
  const page = createPage(terminal);
  const printed = new Printed(terminal.out, `${page.paint.dim(page.marks.bar)} `);
  const isTyping = streams.input.isTTY === true && !inCi(context.env);
  const load = () => loadedSubjectFiles(root, exercise, exercise.folder);
  const scratch = new Scratch();
  const waker = new Waker({
    folder: exercise.folder,
    load,
    input: isTyping ? streams.input : null,
    gone: new Promise((resolve) => streams.output.once('error', () => resolve())),
  });
  const engine = new Engine(root, build);
  try {
    await waker.ready();
    const rounds = {
      exercise,
      engine,
      root,
      build,
      harness: workbookVersion(root),
      seed: Number(input.value('seed') ?? randomInt(SEEDS)),
    };
    const say = (text: string): void => {
      printed.flush();
      terminal.out(text);
    };
    return await runSession(
      { rounds, part, rule, relay, folder: scratch.folder, waker, printed, page, say, isTyping },
      await load(),
    );
  } finally {
    await Promise.all([waker.close(), engine.close()]);
    scratch.remove();
  }
}

function misuse(input: Input): string | null {
  const [port, seed] = [input.value('port'), input.value('seed')];
  if (port !== null && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536)) {
    return '--port takes a whole number from 0 to 65535.';
  }
  if (seed !== null && !(/^\d{1,10}$/.test(seed) && Number(seed) < SEEDS)) {
    return `--seed takes a whole number from 0 to ${SEEDS - 1}.`;
  }
  return null;
}

async function understand(input: Input, context: Context): Promise<Understood> {
  const wrong = (message: string): Understood => ({ ok: false, message, code: 2 });
  const [id = '', typedRule] = input.positionals;
  if (looksLikeRule(id)) {
    const name = shown(id).toUpperCase();
    return wrong(`${name} is a rule. Name its exercise first: npm run serve ID ${name}`);
  }
  const listed = allExercises(context);
  if (!listed.ok) return wrong(listed.message);
  const found = findExercise(listed.value, id);
  if (!found.ok) return wrong(found.message);
  const exercise = found.value;
  const chosen = findRule(exercise, typedRule);
  if (!chosen.ok) return wrong(chosen.message);
  const states = await withProgress(context, async (access) =>
    Promise.resolve(access.ok ? statesOf(access.progress) : null),
  );
  const assigned = await assignedIn(context, listed.value);
  const lock = lockOf(exercise, states, inCi(context.env), assigned);
  if (lock.kind === 'locked') {
    const message = lockedText(exercise.id, lock.missing, listed.value, states ?? new Map(), assigned);
    return { ok: false, message, code: 3 };
  }
  const rule = exercise.rules.find((each) => each.id === chosen.id) ?? null;
  const part = choosePart(exercise, rule, input.value('part'));
  return part.ok ? { ok: true, wanted: { exercise, part: part.part, rule } } : wrong(part.message);
}

type PartChoice = { ok: true; part: Part } | { ok: false; message: string };

function choosePart(exercise: Exercise, rule: Rule | null, typed: string | null): PartChoice {
  const { id, parts } = exercise;
  const name = rule?.part ?? typed;
  const served = parts.filter(({ kind }) => kind === 'http').map((part) => part.name);
  const part =
    name === null ? parts.find(({ kind }) => kind === 'http') : parts.find((each) => each.name === name);
  if (typed !== null && rule !== null && typed !== rule.part) {
    return { ok: false, message: `${rule.id} belongs to the part ${rule.part}. Leave --part out.` };
  }
  if (part?.kind === 'http') return { ok: true, part };
  const check = `npm run check ${id}${rule === null ? '' : ` ${rule.id}`}`;
  if (part === undefined && name !== null) {
    const names = served.length === 0 ? '' : ` It serves: ${served.join(', ')}.`;
    return { ok: false, message: `${id} has no part called ${shown(name)}.${names}` };
  }
  const what =
    rule === null ? (part === undefined ? id : `The part ${part.name} of ${id}`) : `${rule.id} of ${id}`;
  const how = HOW[part?.kind ?? parts[0]?.kind ?? 'module'] ?? HOW.module;
  return { ok: false, message: `${what} ${how}, so there is nothing to serve. See what it does: ${check}` };
}

/** How a part is met that listens on no port. */
const HOW: Partial<Record<Part['kind'], string>> & { module: string } = {
  module: 'is called, and not asked over HTTP',
  sql: 'is SQL, and not asked over HTTP',
  tests: 'is made of tests, which run on programs of ours',
};

/** Talk that ends the command. */
function say(context: Context, message: string, code: ExitCode): ExitCode {
  context.terminal.err(`${message}\n`);
  return code;
}

const forbidden = (port: number): string =>
  `Your system keeps port ${port} for itself: ports below 1024 need special rights. Take a higher one: --port 4000`;
const noPort = (why: string): string =>
  `No port of 127.0.0.1 could be opened: ${why}\n\`npm run doctor\` says more about this machine.`;
