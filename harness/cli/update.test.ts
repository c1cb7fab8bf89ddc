import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { APP, clonedWorkbook, exercise, GIT_ENV, HARNESS, README, spec } from '../update/testing/clone.ts';
import type { Repository } from '../update/testing/clone.ts';
import type { Renewal, Renewed } from '../update/renew.ts';
import { run } from './testing/fake-context.ts';
import type { Ran } from './testing/fake-context.ts';
import { updateCommandWith } from './update.ts';

/** Runs the command without npm: what would be installed and built is kept instead. */
async function runUpdate(
  { root }: Repository,
  argv: string[] = [],
  renewed: Renewed = { kind: 'done' },
): Promise<Ran & { renewals: Renewal[] }> {
  const renewals: Renewal[] = [];
  const command = updateCommandWith(async (_root, renewal) => {
    renewals.push(renewal);
    return await Promise.resolve(renewed);
  });
  return { ...(await run(command, root, argv, { env: GIT_ENV })), renewals };
}

const LOCK = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const FINISH = { install: false, build: false };

describe('update', () => {
  test('says what is new, exercise by exercise and rule by rule, and where the learner’s files are', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ [APP]: 'mine\n' });
    learner.write({ [HARNESS]: 'mine\n', 'exercises/13-old/src/app.ts': 'mine\n' });
    const from = learner.git('rev-parse', 'HEAD^');
    upstream.remove('exercises/13-old');
    const to = upstream.commit({
      ...exercise('05-validation', 'Never trust input'),
      [README]: spec('A token of yesterday is refused'),
      [APP]: 'another stub\n',
      'exercises/04-jwt/hidden/core.suite.ts': '// another\n',
      [HARNESS]: 'two\n',
    });
    const { code, out, err, renewals } = await runUpdate(learner);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out)
      .toBe(`upstream/main is in: ${from.slice(0, 7)} → ${to.slice(0, 7)}, 1 commit, joined with your own commits.

New exercises
  05-validation            Never trust input

Changed exercises
  04-jwt                   R2 of 04 changed: A token of yesterday is refused (before: An expired token is refused)
                           suite, stub

Exercises that are gone
  13-old                   Old

Your version stayed, and ours is another
  exercises/04-jwt/src/app.ts
      see how: git diff ${from.slice(0, 12)} ${to.slice(0, 12)} -- exercises/04-jwt/src/app.ts

Moved to set-aside/2031-01-01/, because the workbook has another version or none
  harness/check.ts
  exercises/13-old

Besides
  1 file of the harness

What changed for you: npm run list, then npm run check -- --all judges everything again.
`);
    // The line that it shows works, and shows how the stub has changed.
    expect(learner.git('diff', from.slice(0, 12), to.slice(0, 12), '--', APP)).toContain('+another stub');
    expect(renewals).toEqual([{ install: false, build: true }]);
  });

  test.each([
    ['the harness', { [HARNESS]: 'two\n' }, [], { install: false, build: true }, ''],
    ['the packages', LOCK, [], { install: true, build: false }, 'the packages changed: npm ci has run'],
    ['the packages, with --no-install', LOCK, ['--no-install'], FINISH, 'not installed yet: run npm ci'],
    ['a spec', { [README]: spec('changed') }, [], FINISH, ''],
  ])('installs and builds only what it has to: %s', async (_what, files, argv, renewal, said) => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit(files);
    const { code, out, renewals } = await runUpdate(learner, argv);
    expect(code).toBe(0);
    expect(renewals).toEqual([renewal]);
    expect(out).toContain(said);
    expect(out.includes('npm ci')).toBe(said !== '');
  });

  test('of a packages’ failure says that the files are new, and how to finish', async () => {
    const { upstream, learner } = clonedWorkbook();
    const to = upstream.commit(LOCK);
    const failed: Renewed = { kind: 'failed', next: 'npm ci', why: 'no network' };
    const { code, out, err } = await runUpdate(learner, [], failed);
    expect(code).toBe(4);
    expect(out).toContain('not installed yet: run npm ci');
    expect(err).toBe('The files are new, and the last step failed. Finish it with: npm ci\nno network\n');
    expect(learner.head()).toBe(to);
  });

  test('with --dry-run says what would change, and neither changes nor installs', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.write({ [HARNESS]: 'mine\n' });
    upstream.commit({ ...LOCK, [HARNESS]: 'two\n' });
    const { code, out, renewals } = await runUpdate(learner, ['--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^upstream\/main is newer: /);
    expect(out).toContain('Would be moved to set-aside/2031-01-01/');
    expect(out).toContain('the packages change: npm ci will run');
    expect(out).toContain('Nothing was changed yet. To bring it: npm run update\n');
    expect(renewals).toEqual([]);
    expect(learner.read(HARNESS)).toBe('mine\n');
  });

  test('says that nothing is newer; at origin also how to name the workbook', async () => {
    const { learner } = clonedWorkbook();
    expect(await runUpdate(learner)).toMatchObject({ code: 0, out: 'Nothing is newer at upstream/main.\n' });
    learner.git('remote', 'rename', 'upstream', 'origin');
    const { code, out } = await runUpdate(learner);
    expect(code).toBe(0);
    expect(out).toContain('git remote add upstream ADDRESS');
  });

  test('ends with 2 and the next step where it cannot begin', async () => {
    const { upstream, learner } = clonedWorkbook();
    rmSync(upstream.root, { recursive: true });
    const { code, out, err, renewals } = await runUpdate(learner);
    expect({ code, out, renewals }).toEqual({ code: 2, out: '', renewals: [] });
    expect(err).toContain('Are you online?');
  });

  test('with --json prints the result as one document', async () => {
    const { upstream, learner } = clonedWorkbook();
    expect(JSON.parse((await runUpdate(learner, ['--json'])).out)).toEqual({
      kind: 'current',
      source: { remote: 'upstream', branch: 'main' },
    });
    const to = upstream.commit({ [HARNESS]: 'two\n' });
    const { out } = await runUpdate(learner, ['--json']);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'updated',
      to,
      changes: { harness: 1, lock: false },
      renewed: { kind: 'done' },
    });
  });
});
