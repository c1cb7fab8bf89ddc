import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { atExit } from '../subject/exit.ts';

/** How a command of Docker ended. `text`: the end of what it printed, without control characters. */
export type DockerRan =
  { kind: 'ended'; code: number; text: string } | { kind: 'missing' } | { kind: 'late'; seconds: number };

/** Runs `docker` with these arguments. Never throws. */
export type Docker = (args: readonly string[], limits: DockerLimits) => Promise<DockerRan>;

export type DockerLimits = {
  /** Seconds until it is killed. */
  within: number;
  /** Where it runs; for `docker build` the folder of the Dockerfile. */
  folder: string;
  /** Variables that the Compose file asks for. */
  env?: Readonly<Record<string, string>>;
};

/** Of what a command printed, this much is kept, in characters: a build prints thousands of lines, and ends with its failure. */
const KEPT = 4_000;

/**
 * The engine of this machine, through its own command line: it knows where the engine is (a socket, a context, a remote
 * host) and who may use it. Arguments are a list and meet no shell.
 */
export function dockerOf(env: Readonly<Record<string, string | undefined>>): Docker {
  return (args, { within, folder, env: given = {} }) =>
    new Promise((resolve) => {
      const child = spawn('docker', args, {
        cwd: folder,
        env: { ...env, ...given, BUILDKIT_PROGRESS: 'plain', COMPOSE_ANSI: 'never' },
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
      });
      const forget = atExit(() => void child.kill('SIGKILL'));
      let text = '';
      const keep = (chunk: Buffer): void => {
        text = (text + chunk.toString('utf8')).slice(-KEPT);
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
      }, within * 1000);
      const end = (ran: DockerRan): void => {
        clearTimeout(timer);
        forget();
        resolve(ran);
      };
      child.once('error', () => end({ kind: 'missing' }));
      child.once('close', (code) =>
        end(
          isLate
            ? { kind: 'late', seconds: within }
            : { kind: 'ended', code: code ?? 1, text: printable(text) },
        ),
      );
    });
}

function printable(text: string): string {
  // Line ends stay; everything else that moves a cursor goes.
  return stripVTControlCharacters(text)
    .replace(/[^\P{Cc}\n]/gu, '')
    .trim();
}
