import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { watch } from 'chokidar';
import { Engine } from '../check/engine.ts';
import { keepPort, readPort } from '../dashboard/address.ts';
import { startPageServer } from '../dashboard/server.ts';
import type { PageServer } from '../dashboard/server.ts';
import type { Library } from '../quiz/library.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { assignedIn } from './assigned.ts';
import type { Command, Input } from './command.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, withProgress } from './exercises.ts';
import { libraryOf } from './quiz.ts';
import { StartDesk } from './start-desk.ts';

export const startCommand: Command = {
  name: 'start',
  summary: 'Open the workbook in your browser: map, specs, live results, quiz, history.',
  positionals: [],
  options: {
    'no-open': { help: 'Print the address, and open nothing.' },
    port: {
      value: 'N',
      help: 'The port, on this machine alone. Without it: the one of the last start, or a free one.',
    },
  },
  examples: [
    ['npm start', 'the page'],
    ['npm start -- --no-open', 'only its address'],
  ],
  notes: [
    'The page shows what the terminal shows: the same verdicts and the same progress. Only this machine reaches it, and nothing on it needs a network. It runs until you press Ctrl-C; in a pipe, until its standard input ends.',
  ],
  run: runStart,
};

async function runStart(input: Input, context: Context): Promise<ExitCode> {
  const typed = input.value('port');
  if (typed !== null && !(/^\d{1,5}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 65_535)) {
    return say(context, '--port takes a whole number from 1 to 65535.', 2);
  }
  const listed = allExercises(context);
  if (!listed.ok) return say(context, listed.message, 2);
  const engine = new Engine(context.root, context.build);
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access) => {
    if (!access.ok) context.terminal.err(`${access.message}\n`);
    const library = libraryOf(context, listed.value, access);
    const desk = new StartDesk({ context, engine, listed: listed.value, assigned, access });
    try {
      const started = await startSomewhere(typed === null ? null : Number(typed), { desk, library }, context);
      if (!started.ok) return say(context, started.message, 2);
      const { server } = started;
      const progressWatch = followProgress(context, () => {
        desk.refresh();
        server.refreshed();
      });
      try {
        context.terminal.out(`The workbook is at ${server.address}\n`);
        context.terminal.err('Ctrl-C ends it. Your programs and your progress stay where they are.\n');
        if (!input.flag('no-open')) openBrowser(server.address, context);
        await untilTheEnd();
      } finally {
        await Promise.all([server.close(), progressWatch()]);
      }
      return 0;
    } finally {
      await desk.close();
    }
  });
}

type Parts = { desk: StartDesk; library: Library };

type Started = { ok: true; server: PageServer } | { ok: false; message: string };

/** At the port that was asked for; else at that of the last start, so that the address stays; else at a free one. */
async function startSomewhere(asked: number | null, parts: Parts, context: Context): Promise<Started> {
  const { root, build, env, terminal } = context;
  const at = async (port: number) =>
    await startPageServer({
      ...parts,
      root,
      build,
      env,
      port,
      onFailure: (error) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        terminal.err(`The page met a mistake of the workbook:\n${neutralise(text, { maxLines: 20 })}\n`);
      },
    });
  let started = await at(asked ?? readPort(root) ?? 0);
  if (!started.ok && asked === null) started = await at(0);
  if (started.ok) {
    if (asked === null) keepPort(root, started.server.port);
    return { ok: true, server: started.server };
  }
  const why = started.taken
    ? `Port ${asked ?? 0} is taken: another program uses it.`
    : `The page could not be started: ${started.why}.`;
  return { ok: false, message: `${why} Without --port, a free one is found.` };
}

/** Tells when another process, a check in a terminal for example, wrote to the progress file. */
function followProgress({ root }: Context, onWrite: () => void): () => Promise<void> {
  const watcher = watch(join(root, '.workbook', 'progress.sqlite'), {
    ignoreInitial: true,
    usePolling: false,
  });
  watcher.on('all', onWrite);
  // Without it the page shows the same after a reload.
  watcher.on('error', () => {});
  return async () => await watcher.close();
}

/** The person's browser. Where none can be started, the address that was printed is enough. */
function openBrowser(address: string, { env }: Context): void {
  if (inCi(env)) return;
  const [file, args] = browserLine(process.platform, address);
  if (process.platform === 'linux' && env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined)
    return;
  spawn(file, args, { detached: true, stdio: 'ignore', windowsHide: true })
    .once('error', () => {})
    .unref();
}

/** The program of the system that opens an address. */
export function browserLine(platform: NodeJS.Platform, address: string): [file: string, args: string[]] {
  if (platform === 'darwin') return ['open', [address]];
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', address]];
  return ['xdg-open', [address]];
}

/**
 * Until a signal ends the process, or whoever holds the other end of standard input goes away. A terminal and a file have
 * no other end: `nohup npm start < /dev/null` goes on.
 */
async function untilTheEnd(): Promise<void> {
  const { stdin } = process;
  await new Promise<void>((resolve) => {
    if (stdin.isTTY === true || !hasOtherEnd()) return;
    const end = (): void => resolve();
    stdin.once('end', end).once('error', end).once('close', end);
    stdin.resume();
  });
}

function hasOtherEnd(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

function say(context: Context, message: string, code: ExitCode): ExitCode {
  context.terminal.err(`${message}\n`);
  return code;
}
