// canary 7cf680f226796176c9238647
import { Unmet } from '#suite';
import { ExpressionError, fill, holds, textOf, truthy } from './expression.ts';
import type { Scope } from './expression.ts';
import { listOf, mapOf } from './workflow.ts';
import type { Command, Fields, Job, Step, Workflow } from './workflow.ts';

/** What has happened on GitHub. `label`: in a failure. */
export type Event = {
  label: string;
  name: 'push' | 'pull_request';
  ref: string;
  action?: string;
  head?: string;
  /** Which commit; two pushes differ in it. */
  commit?: number;
};

export const PUSH: Event = { label: 'a push to main', name: 'push', ref: 'refs/heads/main' };

export function pullRequest(action: string, head = 'feature'): Event {
  const label = `a pull request to main (${action})${head === 'main' ? ' from the main of a fork' : ''}`;
  return { label, name: 'pull_request', ref: 'refs/pull/7/merge', action, head };
}

export function push(ref: string): Event {
  return { label: `a push to ${ref}`, name: 'push', ref };
}

/** What ran, in an order in which it may have run. */
export type Played = { ran: Command[]; failed: boolean };

type Result = 'success' | 'failure' | 'skipped';

/** Plays the workflow for an event, as GitHub would, with these commands failing. */
export function play(workflow: Workflow, event: Event, failing: readonly Command[] = []): Played {
  const ran: Command[] = [];
  if (!triggers(workflow, event)) return { ran, failed: false };
  const results = new Map<string, Result>();
  const outputs = new Map<string, Fields>();
  let failed = false;
  for (const job of workflow.ordered()) {
    const before = ancestors(workflow, job).map((id) => results.get(id) ?? 'skipped');
    const needs = Object.fromEntries(
      job.needs.map((id) => [id, { result: results.get(id) ?? 'skipped', outputs: outputs.get(id) ?? {} }]),
    );
    const contexts = { ...contextsOf(workflow, event, job), needs };
    const status = {
      success: before.every((result) => result === 'success'),
      failure: before.includes('failure'),
      always: true,
      cancelled: false,
    };
    const scope = { contexts, status };
    if (!decided(job.place, () => holds(job.data['if'], scope))) {
      results.set(job.id, 'skipped');
      continue;
    }
    const { ok, steps } = playSteps(job, contexts, failing, ran);
    const told = Object.entries(mapOf(job.data['outputs'])).map(([name, text]) => [
      name,
      decided(job.place, () => textOf(fill(text, { contexts: { ...contexts, steps }, status }))),
    ]);
    outputs.set(job.id, Object.fromEntries(told));
    const forgiven = decided(job.place, () => truthy(fill(job.data['continue-on-error'], scope)));
    results.set(job.id, ok || forgiven ? 'success' : 'failure');
    if (!ok && !forgiven) failed = true;
  }
  return { ran, failed };
}

function playSteps(
  job: Job,
  contexts: Fields,
  failing: readonly Command[],
  ran: Command[],
): { ok: boolean; steps: Fields } {
  const steps: Record<string, Fields> = {};
  let ok = true;
  for (const step of job.steps) {
    const env = { ...mapOf(contexts['env']), ...mapOf(step.data['env']) };
    const status = { success: ok, failure: !ok, always: true, cancelled: false };
    const scope = {
      contexts: { ...contexts, env, steps, job: { status: ok ? 'success' : 'failure' } },
      status,
    };
    const id = typeof step.data['id'] === 'string' ? step.data['id'] : null;
    let [outcome, conclusion]: [Result, Result] = ['skipped', 'skipped'];
    const outputs: Record<string, string> = {};
    if (decided(step.place, () => holds(step.data['if'], scope))) {
      outcome = playScript(step, failing, ran, outputs) ? 'success' : 'failure';
      const forgiven = decided(step.place, () => truthy(fill(step.data['continue-on-error'], scope)));
      conclusion = forgiven ? 'success' : outcome;
      if (conclusion === 'failure') ok = false;
    }
    if (id !== null) steps[id] = { outcome, conclusion, outputs };
  }
  return { ok, steps };
}

/**
 * The default shell ends at the first line that fails, with one exception that is kept here: what fails before the last
 * `&&` of a line ends nothing, and the script has failed only where this was its last line.
 */
function playScript(
  { script }: Step,
  failing: readonly Command[],
  ran: Command[],
  outputs: Record<string, string>,
): boolean {
  let ok = true;
  for (const { links, ends, output } of script) {
    ok = true;
    for (const [index, link] of links.entries()) {
      if (link === null || link.kind === 'ci' || link.kind === 'install') continue;
      ran.push(link.kind);
      if (!failing.includes(link.kind)) continue;
      if (ends || index === links.length - 1) return false;
      ok = false;
      break;
    }
    if (ok && output !== null) outputs[output[0]] = output[1];
  }
  return ok;
}

function ancestors(workflow: Workflow, job: Job): string[] {
  const found = new Set<string>();
  const visit = ({ needs }: Job): void => {
    for (const id of needs) {
      if (found.has(id)) continue;
      found.add(id);
      const needed = workflow.jobs.find((each) => each.id === id);
      if (needed !== undefined) visit(needed);
    }
  };
  visit(job);
  return [...found];
}

/** The contexts of a job for an event. */
export function contextsOf(workflow: Workflow, event: Event, job: Job): Fields {
  const { name, ref, action, head = '', commit = 1 } = event;
  const repository = { default_branch: 'main', full_name: 'ada/shop', name: 'shop', fork: false };
  const pull = name === 'pull_request';
  const payload = pull
    ? {
        action,
        number: 7,
        repository,
        pull_request: {
          number: 7,
          merged: false,
          draft: false,
          state: 'open',
          base: { ref: 'main', repo: repository },
          head: { ref: head, repo: { ...repository, full_name: 'eve/shop', fork: true } },
        },
      }
    : { ref, repository, created: false, deleted: false, forced: false };
  const matrix = Object.fromEntries(
    Object.entries(matrixOf(job)).map(([key, values]) => [key, values[0] ?? null]),
  );
  const github = {
    event_name: name,
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: ref === 'refs/heads/main',
    base_ref: pull ? 'main' : '',
    head_ref: pull ? head : '',
    repository: 'ada/shop',
    repository_owner: 'ada',
    actor: 'ada',
    triggering_actor: 'ada',
    workflow: typeof workflow.data['name'] === 'string' ? workflow.data['name'] : workflow.file,
    workflow_ref: `ada/shop/.github/workflows/deploy.yml@${ref}`,
    job: job.id,
    sha: String(commit).repeat(40),
    run_id: String(1_000 + commit),
    run_number: String(commit),
    run_attempt: '1',
    server_url: 'https://github.com',
    event: payload,
  };
  const env = { ...mapOf(workflow.data['env']), ...mapOf(job.data['env']) };
  return { github, env, matrix, strategy: {}, runner: { os: 'Linux', arch: 'X64' }, vars: {}, inputs: {} };
}

/** The values of each key of a job's matrix. */
export function matrixOf(job: Job): Readonly<Record<string, readonly unknown[]>> {
  const found: Record<string, unknown[]> = {};
  const matrix = mapOf(mapOf(job.data['strategy'])['matrix']);
  for (const [key, value] of Object.entries(matrix)) {
    if (key === 'exclude') continue;
    if (key === 'include') {
      for (const row of listOf(value).map(mapOf))
        for (const [name, each] of Object.entries(row)) (found[name] ??= []).push(each);
    } else found[key] = [...(found[key] ?? []), ...listOf(value)];
  }
  return found;
}

/** A scope for texts that are filled in before anything runs. */
export function scopeOf(workflow: Workflow, event: Event, job: Job): Scope {
  const status = { success: true, failure: false, always: true, cancelled: false };
  return { contexts: contextsOf(workflow, event, job), status };
}

/** What an expression in the learner's file decides; one that cannot be read ends the rule. */
export function decided<T>(place: string, decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new Unmet({ expected: 'an expression of GitHub Actions', got: error.message, sent: place });
  }
}

/** Whether the event starts the workflow. */
export function triggers(workflow: Workflow, event: Event): boolean {
  const on = workflow.data['on'];
  const names = typeof on === 'string' || Array.isArray(on) ? listOf(on).map(textOf) : Object.keys(mapOf(on));
  if (!names.includes(event.name)) return false;
  const filter = mapOf(mapOf(on)[event.name]);
  if (event.name === 'pull_request') {
    const types =
      filter['types'] === undefined ? ['opened', 'synchronize', 'reopened'] : listOf(filter['types']);
    return types.includes(event.action) && passes(filter, 'branches', 'main');
  }
  const tag = event.ref.startsWith('refs/tags/');
  const name = event.ref.replace(/^refs\/(heads|tags)\//, '');
  const has = (kind: string): boolean => kind in filter || `${kind}-ignore` in filter;
  // With a filter for the one kind alone, pushes of the other kind start nothing.
  if (tag && !has('tags') && has('branches')) return false;
  if (!tag && !has('branches') && has('tags')) return false;
  return passes(filter, tag ? 'tags' : 'branches', name);
}

function passes(filter: Fields, kind: 'branches' | 'tags', name: string): boolean {
  if (`${kind}-ignore` in filter) {
    return !listOf(filter[`${kind}-ignore`]).some((pattern) => fits(textOf(pattern), name));
  }
  if (!(kind in filter)) return true;
  let passed = false;
  for (const pattern of listOf(filter[kind]).map(textOf)) {
    if (pattern.startsWith('!') ? fits(pattern.slice(1), name) : fits(pattern, name))
      passed = !pattern.startsWith('!');
  }
  return passed;
}

/** GitHub's patterns: `*` stays within a level, `**` does not; `?` and `+` count what is before them. */
function fits(pattern: string, name: string): boolean {
  const source = pattern.replace(/\*\*|\*|[.^$(){}|\\]/g, (sign) => {
    if (sign === '**') return '.*';
    return sign === '*' ? '[^/]*' : `\\${sign}`;
  });
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return pattern === name;
  }
}
