import { describe, expect, test } from 'vitest';
import type { Docker, DockerRan } from './docker.ts';
import { tryLive } from './live.ts';

type Answers = Partial<Record<'version' | 'build' | 'inspect' | 'up' | 'stop' | 'ps', DockerRan>>;

const done = (text = ''): DockerRan => ({ kind: 'ended', code: 0, text });
const failed = (text: string): DockerRan => ({ kind: 'ended', code: 1, text });
const inspected = (user: string): DockerRan =>
  done(JSON.stringify([{ Size: 181_600_000, Config: { User: user } }]));

/** An engine that answers as it is told, and remembers what it was asked. */
function engine(answers: Answers): { docker: Docker; asked: string[]; env: Record<string, string>[] } {
  const asked: string[] = [];
  const env: Record<string, string>[] = [];
  const docker: Docker = (args, limits) => {
    asked.push(args.join(' '));
    if (limits.env !== undefined) env.push({ ...limits.env });
    const word = (['version', 'build', 'inspect', 'up', 'stop', 'ps'] as const).find((each) =>
      args.includes(each),
    );
    const usual: Answers = { version: done('29.1.0'), inspect: inspected('node'), ps: done('0') };
    return Promise.resolve((word && (answers[word] ?? usual[word])) ?? done());
  };
  return { docker, asked, env };
}

const options = {
  folder: '/book/src',
  example: 'POSTGRES_PASSWORD=\nLOG_LEVEL=info\n',
  run: 't1',
  onStep: () => {},
};

async function stepsOf(answers: Answers): Promise<string[]> {
  const report = await tryLive(engine(answers).docker, options);
  if (report.kind !== 'tried') throw new Error(report.why);
  return report.steps.map(({ what, ok, said }) => `${ok ? 'good' : 'bad'}: ${what}: ${said}`);
}

describe('a try on a real engine', () => {
  test('builds, looks, starts, stops, and takes everything away', async () => {
    const { docker, asked, env } = engine({});
    const report = await tryLive(docker, options);
    expect(report.kind === 'tried' && report.steps.every(({ ok }) => ok)).toBe(true);
    expect(asked.at(-2)).toBe(
      'compose --project-name workbook-t1 --file compose.yaml down --volumes --rmi local --timeout 2',
    );
    expect(asked.at(-1)).toBe('image rm --force workbook-t1-image');
    expect(env[0]).toMatchObject({
      LOG_LEVEL: 'info',
      POSTGRES_PASSWORD: expect.stringMatching(/^[0-9a-f]{24}$/),
    });
  });

  test('says who the image runs as, and how large it is', async () => {
    expect(await stepsOf({})).toContain('good: docker image inspect: 182 MB · it runs as node');
    expect(await stepsOf({ inspect: inspected('') })).toContain(
      'bad: docker image inspect: 182 MB · it runs as root',
    );
  });

  test('shows the last lines of a build that fails, and goes no further', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
    const { docker, asked } = engine({ build: failed(lines) });
    const report = await tryLive(docker, options);
    expect(report.kind === 'tried' && report.steps).toMatchObject([
      { ok: false, said: 'it ended with exit code 1' },
    ]);
    expect(report.kind === 'tried' && report.steps[0]?.details.at(-1)).toBe('line 39');
    expect(asked.some((each) => each.includes(' up '))).toBe(false);
    expect(asked.at(-1)).toContain('image rm');
  });

  test.each([
    ['0', 'good: docker compose stop api: it heard SIGTERM and ended'],
    ['143', 'good: docker compose stop api: it heard SIGTERM and ended'],
    ['137', 'bad: docker compose stop api: it did not hear SIGTERM and was killed'],
    ['1', 'bad: docker compose stop api: it ended with 1'],
  ])('tells by the exit code %s how the API ended', async (code, said) => {
    expect(await stepsOf({ ps: done(code) })).toContain(said);
  });

  test('is not made where there is no engine', async () => {
    expect(await tryLive(engine({ version: { kind: 'missing' } }).docker, options)).toEqual({
      kind: 'unavailable',
      why: 'There is no command `docker` here.',
    });
    const silent = await tryLive(
      engine({ version: failed('Cannot connect to the Docker daemon') }).docker,
      options,
    );
    expect(silent).toMatchObject({ kind: 'unavailable', why: expect.stringContaining('Cannot connect') });
  });
});
