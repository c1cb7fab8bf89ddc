import { closeSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { resetExercise } from '../catalog/replace-editable.ts';
import { Engine } from '../check/engine.ts';
import type { States } from '../progress/progress.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { keysIn } from '../watch/keys.ts';
import { readPlace } from '../watch/place.ts';
import { Saves } from '../watch/saves.ts';
import { Screen } from '../watch/screen.ts';
import type { Mode } from '../watch/screen.ts';
import { Session } from '../watch/session.ts';
import type { View } from '../watch/session.ts';
import { assignedIn } from './assigned.ts';
import type { Assigned } from './assigned.ts';
import type { Command, Input } from './command.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, currentListed, findExercise, statesOf, withProgress } from './exercises.ts';
import { lockedText, lockOf } from './locks.ts';
import { WatchDesk } from './watch-desk.ts';

export const watchCommand: Command = {
  name: 'watch',
  summary: 'Judge your program after every save, until you quit.',
  positionals: [
    {
      name: '[ID]',
      help: 'The exercise, for example 01-http-server. Without it: where you were last, or the one you are at.',
    },
  ],
  options: {
    plain: {
      help: 'Never wipe the screen: each verdict stands below the one before. Right for a screen reader.',
    },
    json: {
      help: 'For programs: one JSON object per line, {"event":"rule"|"verdict"|"ready", …}; "rule": that on which you work, before the others are done.',
    },
  },
  examples: [
    ['npm run watch', 'the exercise you are at'],
    ['npm run watch -- --plain', 'with a screen reader'],
  ],
  notes: [
    'Every verdict is recorded, as `npm run check` does. The keys that can be pressed stand below it. In a pipe there are no keys, and it ends when its standard input ends.',
  ],
  run: runWatch,
};

async function runWatch(input: Input, context: Context): Promise<ExitCode> {
  const engine = new Engine(context.root, context.build, { keepThread: true });
  engine.warm();
  const listed = allExercises(context);
  if (!listed.ok) return say(context, listed.message, 2);
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access) => {
    if (!access.ok) context.terminal.err(`${access.message}\n${NOT_RECORDED}\n\n`);
    const progress = access.ok ? access.progress : null;
    const begin = beginning(
      input.positionals[0],
      listed.value,
      progress === null ? null : statesOf(progress),
      context,
      assigned,
    );
    if (!begin.ok) return say(context, begin.message, begin.code);
    const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !input.flag('json');
    const columns = (): number => process.stdout.columns || context.terminal.columns;
    const desk = new WatchDesk({
      // The live line writes over itself: not for whoever reads along.
      context: {
        ...context,
        terminal: { ...context.terminal, live: context.terminal.live && !input.flag('plain') },
      },
      engine,
      listed: listed.value,
      assigned,
      progress,
      columns,
      reset: (exercise) => resetFrom(context, exercise),
    });
    try {
      await watching(begin.exercise, desk, { input, context, isTerminal, columns });
    } finally {
      await desk.close();
    }
    return 0;
  });
}

type Setting = { input: Input; context: Context; isTerminal: boolean; columns: () => number };

/** Watches until the person quits, or nobody is there any more. */
async function watching(first: Exercise, desk: WatchDesk, setting: Setting): Promise<void> {
  const { input, context, isTerminal, columns } = setting;
  const { terminal } = context;
  const mode: Mode = !isTerminal
    ? 'lines'
    : input.flag('plain') || context.env.TERM === 'dumb'
      ? 'append'
      : 'redraw';
  const screen = new Screen(mode, { out: terminal.out, columns });
  const isJson = input.flag('json');
  const tell = (event: object): void => terminal.out(`${JSON.stringify(event)}\n`);
  let quit = (): void => {};
  const over = new Promise<void>((resolve) => (quit = resolve));
  let saves: Saves | null = null;
  const session: Session = new Session(first, desk, {
    onView: (view: View, fresh) => {
      if (!isJson) screen.show(view, fresh, clock(context.now()));
      else if (fresh && view.judged !== null) tell({ event: 'verdict', verdict: view.judged.verdict });
    },
    onBusy: ({ id }) => screen.busy(id),
    onEarly: ({ rule, verdict }) => {
      if (isJson) tell({ event: 'rule', rule: verdict.rules.find(({ id }) => id === rule) });
    },
    onReady: () => {
      if (isJson) tell({ event: 'ready', rssBytes: process.memoryUsage.rss() });
    },
    onMove: (exercise) => void follow(exercise),
    onQuit: () => quit(),
  });
  const follow = async (exercise: Exercise): Promise<void> => {
    const before = saves;
    saves = new Saves({
      exercises: join(context.root, 'exercises'),
      id: exercise.id,
      onSave: (settled) => void session.look({ settled }),
      onTrouble: (error) => {
        const why = neutralise(error.message, { maxLines: 1 });
        if (isTerminal) session.say(`${UNSEEN} (${why})`);
        else terminal.err(`${UNSEEN} (${why})\n`);
      },
    });
    await Promise.all([before?.close(), saves.ready()]);
  };
  const letGo = isTerminal ? takeKeys(session) : endWithInput(quit);
  // A reader that went away, as in `| head -1`, reads no other verdict.
  process.stdout.once('error', quit);
  try {
    desk.keepPlace(first);
    await follow(first);
    void session.look({ force: true });
    await over;
  } finally {
    letGo();
    await Promise.all([session.close(), (saves as Saves | null)?.close()]);
  }
}

/** Keys as they are pressed, until the function that it returns is called. */
function takeKeys(session: Session): () => void {
  const { stdin, stdout } = process;
  const raw = (on: boolean): void => {
    try {
      stdin.setRawMode(on);
    } catch {
      // The terminal is gone; a signal follows.
    }
  };
  const onData = (text: string): void => {
    for (const pressed of keysIn(text)) {
      if (pressed.kind === 'suspend') suspend();
      else void session.press(pressed);
    }
  };
  const suspend = (): void => {
    if (process.platform === 'win32') return;
    raw(false);
    process.once('SIGCONT', () => {
      raw(true);
      session.redraw();
    });
    process.kill(process.pid, 'SIGTSTP');
  };
  const onResize = (): void => session.redraw();
  // Node itself puts the terminal back at its end, and aborts where that has been closed: then there is nothing to put back.
  const leave = (): void => {
    raw(false);
    for (const fd of [0, 1, 2]) {
      try {
        closeSync(fd);
      } catch {
        // It was closed already.
      }
    }
  };
  const onEnd = (): void => void session.press({ kind: 'action', action: 'quit' });
  stdin.setEncoding('utf8').on('data', onData);
  stdin.once('end', onEnd).once('error', onEnd);
  stdout.on('resize', onResize);
  raw(true);
  stdin.resume();
  if (process.platform !== 'win32') process.once('exit', leave);
  return () => {
    raw(false);
    stdin.off('data', onData);
    stdout.off('resize', onResize);
    stdin.pause();
  };
}

/** Without a terminal: whoever started this holds the other end of standard input, and it closes with them. */
function endWithInput(quit: () => void): () => void {
  const { stdin } = process;
  if (stdin.isTTY === true) return () => {};
  stdin.once('end', quit).once('error', quit).once('close', quit);
  stdin.resume();
  return () => stdin.pause();
}

type Beginning = { ok: true; exercise: Exercise } | { ok: false; message: string; code: ExitCode };

/** The exercise to begin at: the one that was typed, that was watched last, or that comes next. */
function beginning(
  typed: string | undefined,
  listed: readonly ListedExercise[],
  states: States | null,
  context: Context,
  assigned: Assigned,
): Beginning {
  const known = states ?? new Map();
  const lock = (exercise: Exercise) => lockOf(exercise, states, inCi(context.env), assigned);
  if (typed !== undefined) {
    const found = findExercise(listed, typed);
    if (!found.ok) return { ok: false, message: found.message, code: 2 };
    const state = lock(found.value);
    if (state.kind === 'open') return { ok: true, exercise: found.value };
    const message = lockedText(found.value.id, state.missing, listed, known, assigned);
    return { ok: false, message, code: 3 };
  }
  const last = readPlace(context.root);
  const place = listed.find(({ id }) => id === last);
  if (place?.ok === true && lock(place.exercise).kind === 'open')
    return { ok: true, exercise: place.exercise };
  const current = currentListed(listed, known, assigned);
  if (current === null) return { ok: false, message: NOTHING_OPEN, code: 2 };
  if (!current.ok) return { ok: false, message: describeProblem(current.problem), code: 2 };
  return { ok: true, exercise: current.exercise };
}

/** `14:03:59`, as the clock of this machine has it. */
function clock(now: number): string {
  return new Date(now).toTimeString().slice(0, 8);
}

function say(context: Context, message: string, code: ExitCode): ExitCode {
  context.terminal.err(`${message}\n`);
  return code;
}

const NOT_RECORDED = 'Watching goes on: nothing is locked, and nothing is recorded.';
const NOTHING_OPEN =
  'No exercise is open that you could go on with. `npm run list` shows them; name one: npm run watch ID';
const UNSEEN = 'Saves can no longer be seen: press Enter after a save, or start npm run watch again.';

/** Puts the starting code back for whoever said yes to it already. */
export async function resetFrom(
  context: Context,
  exercise: Exercise,
): Promise<{ ok: boolean; message: string }> {
  const { root, now } = context;
  const replaced = await resetExercise({
    root,
    exercise,
    now: now(),
    confirm: () => Promise.resolve(true),
  });
  switch (replaced.kind) {
    case 'same':
      return { ok: true, message: 'Nothing to reset: your files are the starting code.' };
    case 'declined':
      return { ok: true, message: 'Nothing was changed.' };
    case 'replaced': {
      const { copy } = replaced;
      const back = `npm run reset -- ${exercise.id} --restore last`;
      return {
        ok: true,
        message:
          copy === null
            ? 'Reset.'
            : `Reset. Your files are kept in ${copy.folder}; to get them back: ${back}`,
      };
    }
    case 'refused':
    case 'failed':
      return { ok: false, message: replaced.message };
  }
}
