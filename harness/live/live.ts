import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Docker, DockerRan } from './docker.ts';

/** One thing that was tried on a real engine. `details`: what the engine printed, its last lines. */
export type LiveStep = { what: string; ok: boolean; said: string; details: string[] };

/** `unavailable`: there is no engine, and nothing was tried. */
export type LiveReport = { kind: 'unavailable'; why: string } | { kind: 'tried'; steps: LiveStep[] };

export type LiveOptions = {
  /** The build context: the folder that holds Dockerfile and compose.yaml. */
  folder: string;
  /** The text of env.example; null: there is none. */
  example: string | null;
  /** Makes names of this run its own. */
  run: string;
  /** Told before each step, because a build takes minutes. */
  onStep: (what: string) => void;
};

const BUILD_WITHIN = 900;
const START_WITHIN = 180;
const SHORT = 30;
const SHOWN_LINES = 12;
/** Node ends with 0 when it closes down by itself, and with 143 when SIGTERM ended it at once. 137 is SIGKILL. */
const STOPPED = [0, 143];

const imageShape = z.array(
  z.object({
    Size: z.number(),
    Config: z.object({ User: z.string().nullish(), Env: z.array(z.string()).nullish() }),
  }),
);

/**
 * Builds the image and starts the Compose file on the engine of this machine, then takes everything away again. It is
 * information for the learner and decides nothing: the rules are judged from the files alone.
 */
export async function tryLive(docker: Docker, options: LiveOptions): Promise<LiveReport> {
  const { folder, run, onStep } = options;
  const version = await docker(['version', '--format', '{{.Server.Version}}'], { within: SHORT, folder });
  if (version.kind === 'missing') return { kind: 'unavailable', why: 'There is no command `docker` here.' };
  if (version.kind === 'late' || version.code !== 0)
    return { kind: 'unavailable', why: `No Docker engine answers. ${lastLine(version)}`.trim() };
  const steps: LiveStep[] = [];
  const project = `workbook-${run}`;
  const image = `${project}-image`;
  const env = variablesOf(options.example);
  try {
    onStep('docker build');
    const built = await docker(['build', '--tag', image, '.'], { within: BUILD_WITHIN, folder });
    steps.push(stepOf('docker build', built, 'the image was built'));
    if (!isGood(built)) return { kind: 'tried', steps };
    steps.push(await look(docker, image, folder));
    onStep('docker compose up');
    const compose = ['compose', '--project-name', project, '--file', 'compose.yaml'];
    const up = await docker(
      [...compose, 'up', '--build', '--detach', '--wait', '--wait-timeout', String(START_WITHIN - 30)],
      {
        within: BUILD_WITHIN,
        folder,
        env,
      },
    );
    steps.push(stepOf('docker compose up', up, 'all services are up, and healthy where they say how'));
    if (isGood(up)) steps.push(await stop(docker, compose, { folder, env, onStep }));
  } finally {
    onStep('cleaning up');
    const compose = ['compose', '--project-name', project, '--file', 'compose.yaml'];
    await docker([...compose, 'down', '--volumes', '--rmi', 'local', '--timeout', '2'], {
      within: START_WITHIN,
      folder,
      env,
    });
    await docker(['image', 'rm', '--force', image], { within: SHORT, folder });
  }
  return { kind: 'tried', steps };
}

async function look(docker: Docker, image: string, folder: string): Promise<LiveStep> {
  const ran = await docker(['image', 'inspect', image], { within: SHORT, folder });
  const parsed = imageShape.safeParse(isGood(ran) && ran.kind === 'ended' ? parseJson(ran.text) : null);
  const found = parsed.success ? parsed.data[0] : undefined;
  if (found === undefined) return stepOf('docker image inspect', ran, 'the image could not be looked at');
  const size = `${Math.round(found.Size / 1_000_000)} MB`;
  const user =
    found.Config.User === undefined || found.Config.User === null || found.Config.User === ''
      ? 'root'
      : found.Config.User;
  return {
    what: 'docker image inspect',
    ok: user !== 'root',
    said: `${size} · it runs as ${user}`,
    details: [],
  };
}

/** Whether the API hears SIGTERM, or has to be killed. */
async function stop(
  docker: Docker,
  compose: readonly string[],
  { folder, env, onStep }: Pick<LiveOptions, 'folder' | 'onStep'> & { env: Record<string, string> },
): Promise<LiveStep> {
  const what = 'docker compose stop api';
  onStep(what);
  const stopped = await docker([...compose, 'stop', 'api'], { within: SHORT + 30, folder, env });
  if (!isGood(stopped)) return stepOf(what, stopped, '');
  const asked = await docker([...compose, 'ps', '--all', '--format', '{{.ExitCode}}', 'api'], {
    within: SHORT,
    folder,
    env,
  });
  const code = asked.kind === 'ended' ? Number(asked.text.split('\n')[0]) : Number.NaN;
  const ok = STOPPED.includes(code);
  const said = ok
    ? 'it heard SIGTERM and ended'
    : code === 137
      ? 'it did not hear SIGTERM and was killed'
      : `it ended with ${String(code)}`;
  return { what, ok, said, details: [] };
}

/** A random value for every variable of env.example that has none. */
function variablesOf(example: string | null): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of (example ?? '').split(/\r?\n/)) {
    const found = /^\s*([A-Za-z_]\w*)\s*=(.*)$/.exec(line);
    if (found?.[1] === undefined) continue;
    const value = (found[2] ?? '').trim();
    variables[found[1]] =
      value === '' || /^change-?me$/i.test(value) ? randomBytes(12).toString('hex') : value;
  }
  return variables;
}

function stepOf(what: string, ran: DockerRan, good: string): LiveStep {
  if (isGood(ran)) return { what, ok: true, said: good, details: [] };
  if (ran.kind === 'missing') return { what, ok: false, said: 'docker could not be started', details: [] };
  if (ran.kind === 'late')
    return { what, ok: false, said: `it took more than ${ran.seconds} seconds`, details: [] };
  const details = ran.text.split('\n').slice(-SHOWN_LINES);
  return { what, ok: false, said: `it ended with exit code ${ran.code}`, details };
}

function isGood(ran: DockerRan): boolean {
  return ran.kind === 'ended' && ran.code === 0;
}

function lastLine(ran: DockerRan): string {
  return ran.kind === 'ended' ? (ran.text.split('\n').at(-1) ?? '') : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
