// canary 1b65d4468bc91fb70dce7041
import { rule, show, step } from '#suite';
import { textOf } from './expression.ts';
import { play, pullRequest, PUSH, push } from './player.ts';
import { CHECKS, mustRun, OUTSIDE, RELEASE, stepsWith, variable, workflow } from './pipeline.ts';
import { must } from './stage.ts';
import { COMMANDS, listOf, mapOf, spelled } from './workflow.ts';
import type { Command, Fields } from './workflow.ts';

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

const NEEDS: Readonly<Partial<Record<Command, string>>> = {
  image: 'REGISTRY_TOKEN',
  migrate: 'DATABASE_URL',
  deploy: 'DEPLOY_TOKEN',
  rollback: 'DEPLOY_TOKEN',
};
const SECRETS = [...new Set(Object.values(NEEDS))];

function isSecret(value: unknown, name: string): boolean {
  const dotted = `secrets\\.${name}`;
  const quoted = `secrets\\['${name}'\\]`;
  return (
    typeof value === 'string' &&
    new RegExp(`^\\s*\\$\\{\\{\\s*(${dotted}|${quoted})\\s*\\}\\}\\s*$`).test(value)
  );
}

rule('R11', async (t) => {
  const w = await workflow(t);
  await step(t, 'from the store', async () => {
    for (const [command, name] of Object.entries(NEEDS) as [Command, string][]) {
      for (const { job, step: each } of stepsWith(w, command)) {
        const value = variable(w, job, each, name);
        const expected = `${name}: \${{ secrets.${name} }} for ${spelled(command)}`;
        // A text that stands there instead may be a real secret: it is not shown.
        const got =
          typeof value === 'string' && /^\s*\$\{\{[^}]*\}\}\s*$/.test(value) ? value.trim() : 'a text';
        must(isSecret(value, name), expected, value === undefined ? `no ${name}` : got, each.place);
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
    for (const job of w.jobs) {
      for (const each of job.steps) {
        const run = textOf(each.data['run']);
        const secret = /\bsecrets\s*[.[]|\$\{\{[^}]*\bsecrets\b/.test(run);
        must(!secret, 'no secrets. in a run', 'one', each.place);
        const known = SECRETS.filter((name) => variable(w, job, each, name) !== undefined);
        must(!prints(run, known), 'no secret that is printed', 'a command that prints one', each.place);
      }
    }
  });
});

/** Whether a script prints one of these variables: into the log, or into what others of the run can read. */
function prints(run: string, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const value = new RegExp(`\\$\\{?(${names.join('|')})\\b|\\benv\\.(${names.join('|')})\\b`);
  const named = new RegExp(
    `\\bprintenv\\b.*\\b(${names.join('|')})\\b|process\\.env\\.(${names.join('|')})\\b`,
  );
  return run.split(/\r?\n/).some((line) => {
    // What another program reads, or a file keeps, is not printed.
    if (
      /(?<!\|)\|(?!\|)\s*(?!(?:tee|cat|sort|rev|base64|xxd|sed|grep|head|tail|cut|tr|awk)\b)[\w./-]/.test(
        line,
      )
    )
      return false;
    if (/>\s*"?(?!&|"?\/dev\/|"?\$\{?GITHUB_)[\w./~-]/.test(line)) return false;
    if (/^\s*(printenv|env|export -p|set)\s*(\||$)/.test(line)) return true;
    return (/\b(echo|printf|cat|tee)\b/.test(line) && value.test(line)) || named.test(line);
  });
}
