import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  APP,
  clonedWorkbook,
  exercise,
  exerciseFile,
  HARNESS,
  README,
  spec,
  STUB,
  updated,
} from './testing/clone.ts';
import type { Repository } from './testing/clone.ts';

const MINE = 'export const answer = 42; // mine\r\n';
const MORE = 'exercises/04-jwt/src/more.ts';
const NEW_STUB = 'export const answer = 1;\n';

describe('an update of an untouched clone', () => {
  test('moves the branch to the newer commit and leaves nothing to commit', async () => {
    const { upstream, learner } = clonedWorkbook();
    const from = learner.head();
    const to = upstream.commit({ ...exercise('05-validation', 'Never trust input'), [HARNESS]: 'two\n' });
    expect(await updated(learner)).toMatchObject({
      kind: 'updated',
      source: { remote: 'upstream', branch: 'main' },
      from,
      to,
      head: to,
      commits: 1,
      merged: false,
      kept: [],
      aside: { paths: [] },
    });
    expect(learner.head()).toBe(to);
    expect(learner.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(learner.status()).toEqual([]);
    expect(learner.files()).toEqual(upstream.files());
  });

  test('brings new stubs, takes away what is gone, and then says that nothing is newer', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.remove('exercises/13-old');
    upstream.remove('solutions/13-old');
    upstream.remove(MORE);
    upstream.commit({ [APP]: NEW_STUB });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', kept: [], aside: { paths: [] } });
    expect(learner.read(APP)).toBe(NEW_STUB);
    expect(learner.has('exercises/13-old')).toBe(false);
    expect(learner.files()).toEqual(upstream.files());
    expect(await updated(learner)).toMatchObject({ kind: 'current' });
  });

  test('names new and removed exercises and rules that changed', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.remove('exercises/13-old');
    upstream.commit({
      ...exercise('05-validation', 'Never trust input'),
      [README]: `${spec('A token of yesterday is refused')}\n### Extra\n\n- **R3** More *(RFC 7519 §5)*\n`,
      'exercises/04-jwt/exercise.json': exerciseFile('Tokens by hand'),
      'exercises/04-jwt/hidden/core.suite.ts': '// another suite\n',
      'package-lock.json': '{ "lockfileVersion": 3 }\n',
      'docs/one.md': 'one\n',
    });
    const result = await updated(learner, { dryRun: true });
    expect(result).toMatchObject({
      kind: 'planned',
      changes: {
        exercises: [
          {
            id: '04-jwt',
            title: 'Tokens by hand',
            kind: 'changed',
            rules: [
              {
                kind: 'changed',
                id: 'R2',
                title: 'A token of yesterday is refused',
                before: 'An expired token is refused',
              },
              { kind: 'new', id: 'R3', title: 'More' },
            ],
            what: ['details', 'suite'],
          },
          { id: '05-validation', title: 'Never trust input', kind: 'new' },
          { id: '13-old', title: 'Old', kind: 'removed' },
        ],
        harness: 0,
        others: ['docs/one.md', 'package-lock.json'],
        lock: true,
      },
    });
  });

  test('with --dry-run changes neither the files nor the branch', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit({ [HARNESS]: 'two\n', [APP]: NEW_STUB });
    learner.write({ [APP]: MINE, [HARNESS]: 'mine\n' });
    const before = { head: learner.head(), files: learner.files(), status: learner.status() };
    expect(await updated(learner, { dryRun: true })).toMatchObject({
      kind: 'planned',
      kept: [APP],
      aside: { paths: [HARNESS], place: 'set-aside/2031-01-31' },
    });
    expect({ head: learner.head(), files: learner.files(), status: learner.status() }).toEqual(before);
  });

  test('runs no hook and no file watcher', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit({ [HARNESS]: 'two\n' });
    const trace = join(learner.root, '.git', 'trace');
    const hook = `#!/bin/sh\necho ran >> '${trace}'\n`;
    for (const name of ['post-checkout', 'post-merge', 'reference-transaction', 'post-index-change']) {
      const file = join(learner.root, '.git', 'hooks', name);
      learner.write({ [`.git/hooks/${name}`]: hook });
      chmodSync(file, 0o755);
    }
    learner.git('config', 'core.fsmonitor', join(learner.root, '.git', 'hooks', 'post-merge'));
    expect(await updated(learner)).toMatchObject({ kind: 'updated' });
    expect(learner.has('.git/trace')).toBe(false);
  });
});

describe('files that the learner edited', () => {
  test('and committed stay byte for byte, and their history is joined with ours', async () => {
    const { upstream, learner } = clonedWorkbook();
    const mine = learner.commit({ [APP]: MINE, 'exercises/04-jwt/src/own.ts': MINE });
    const theirs = upstream.commit({ [README]: spec('changed'), [HARNESS]: 'two\n' });
    const bytes = learner.read(APP);
    expect(await updated(learner)).toMatchObject({ kind: 'updated', merged: true, kept: [] });
    expect(learner.read(APP)).toBe(bytes);
    expect(learner.read(HARNESS)).toBe('two\n');
    expect(learner.has('exercises/04-jwt/src/own.ts')).toBe(true);
    expect(learner.git('log', '-1', '--format=%P').split(' ')).toEqual([mine, theirs]);
    expect(learner.status()).toEqual([]);
  });

  test('and did not commit stay byte for byte, and uncommitted', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.write({ [APP]: MINE, 'exercises/04-jwt/src/own.ts': MINE });
    const to = upstream.commit({ [README]: spec('changed') });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', merged: false, head: to });
    expect(learner.read(APP)).toBe(MINE);
    expect(learner.status().toSorted()).toEqual([` M ${APP}`, '?? exercises/04-jwt/src/own.ts']);
  });

  test.each([
    ['committed', (learner: Repository) => void learner.commit({ [APP]: MINE })],
    ['uncommitted', (learner: Repository) => learner.write({ [APP]: MINE })],
    [
      'staged',
      (learner: Repository) => {
        learner.write({ [APP]: MINE });
        learner.git('add', APP);
      },
    ],
    [
      'staged, then changed again',
      (learner: Repository) => {
        learner.write({ [APP]: 'staged\n' });
        learner.git('add', APP);
        learner.write({ [APP]: MINE });
      },
    ],
    [
      'committed, then changed again',
      (learner: Repository) => {
        learner.commit({ [APP]: 'committed\n' });
        learner.write({ [APP]: MINE });
      },
    ],
  ])('stay when their stub is another now, and are named (%s)', async (_how, edit) => {
    const { upstream, learner } = clonedWorkbook();
    edit(learner);
    const staged = learner.git('show', `:${APP}`);
    upstream.commit({ [APP]: NEW_STUB, [MORE]: NEW_STUB });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', kept: [APP] });
    expect(learner.read(APP)).toBe(MINE);
    expect(learner.read(MORE)).toBe(NEW_STUB);
    // What was staged is staged; what was not follows the newer workbook.
    const wanted = staged === STUB.trimEnd() ? NEW_STUB.trimEnd() : staged;
    expect(learner.git('show', `:${APP}`)).toBe(wanted);

    // The next update still knows them for the learner's.
    upstream.commit({ [APP]: 'export const answer = 2;\n', [MORE]: STUB });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', kept: [APP] });
    expect([learner.read(APP), learner.read(MORE)]).toEqual([MINE, STUB]);
  });

  test('stay when the newer workbook brings a file of the same name', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.write({ 'exercises/04-jwt/src/router.ts': MINE });
    upstream.commit({ 'exercises/04-jwt/src/router.ts': NEW_STUB });
    expect(await updated(learner)).toMatchObject({ kept: ['exercises/04-jwt/src/router.ts'] });
    expect(learner.read('exercises/04-jwt/src/router.ts')).toBe(MINE);
  });

  test('stay when the newer workbook has the file no more', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ [APP]: MINE });
    learner.write({ [MORE]: MINE });
    upstream.remove(APP);
    upstream.remove(MORE);
    upstream.commit();
    expect(await updated(learner)).toMatchObject({ kind: 'updated', kept: [APP, MORE] });
    expect(learner.read(MORE)).toBe(MINE);
    expect(learner.git('show', `HEAD:${APP}`)).toBe(learner.read(APP).trimEnd());
  });

  test('and removed stay removed', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.remove(MORE);
    upstream.commit({ [MORE]: NEW_STUB });
    expect(await updated(learner)).toMatchObject({ kept: [MORE] });
    expect(learner.has(MORE)).toBe(false);
  });

  test('of an exercise that is gone are set aside, also those that git never saw', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ 'exercises/13-old/src/app.ts': 'committed\n' });
    learner.write({ 'exercises/13-old/src/own.ts': 'untracked\n', 'exercises/13-old/notes.txt': 'notes\n' });
    upstream.remove('exercises/13-old');
    upstream.remove('solutions/13-old');
    upstream.commit();
    const aside = { paths: ['exercises/13-old'], place: 'set-aside/2031-01-31' };
    expect(await updated(learner, { dryRun: true })).toMatchObject({ kind: 'planned', aside });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', aside });
    expect(learner.has('exercises/13-old')).toBe(false);
    const place = 'set-aside/2031-01-31/exercises/13-old';
    expect(learner.files(place)).toEqual({
      [`${place}/src/app.ts`]: 'committed\n',
      [`${place}/src/own.ts`]: 'untracked\n',
      [`${place}/notes.txt`]: 'notes\n',
    });
    expect(learner.git('ls-files', 'exercises/13-old')).toBe('');
    expect(learner.git('show', 'HEAD^1:exercises/13-old/src/app.ts')).toBe('committed');
  });
});

describe('files of the workbook that the learner changed', () => {
  test('stay as they are when the newer workbook has no other version', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ 'README.md': 'mine\n' });
    learner.write({ [HARNESS]: 'mine\n' });
    upstream.commit({ [README]: spec('changed') });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', aside: { paths: [] } });
    expect(learner.read('README.md')).toBe('mine\n');
    expect(learner.status()).toEqual([` M ${HARNESS}`]);
  });

  test('become the newer ones, and the learner’s version is set aside', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ 'README.md': 'mine, committed\n' });
    learner.write({ [HARNESS]: 'mine, uncommitted\n', 'harness/new.ts': 'mine, untracked\n' });
    upstream.commit({ 'README.md': 'two\n', [HARNESS]: 'two\n', 'harness/new.ts': 'two\n' });
    expect(await updated(learner)).toMatchObject({
      kind: 'updated',
      aside: { paths: ['README.md', HARNESS, 'harness/new.ts'], place: 'set-aside/2031-01-31' },
    });
    expect(['README.md', HARNESS, 'harness/new.ts'].map((path) => learner.read(path))).toEqual([
      'two\n',
      'two\n',
      'two\n',
    ]);
    expect(learner.files('set-aside')).toEqual({
      'set-aside/2031-01-31/README.md': 'mine, committed\n',
      [`set-aside/2031-01-31/${HARNESS}`]: 'mine, uncommitted\n',
      'set-aside/2031-01-31/harness/new.ts': 'mine, untracked\n',
    });
    expect(learner.status().every((line) => line.startsWith('?? set-aside/'))).toBe(true);
  });

  test('keep also what was staged and then changed again', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.write({ [HARNESS]: 'staged\n' });
    learner.git('add', HARNESS);
    learner.write({ [HARNESS]: 'changed again\n' });
    upstream.commit({ [HARNESS]: 'two\n' });
    await updated(learner);
    expect(learner.files('set-aside')).toEqual({
      [`set-aside/2031-01-31/${HARNESS}`]: 'changed again\n',
      [`set-aside/2031-01-31/${HARNESS}.staged`]: 'staged\n',
    });
  });

  test('go to another folder each time', async () => {
    const { upstream, learner } = clonedWorkbook();
    for (const round of ['two', 'three']) {
      learner.write({ [HARNESS]: `mine before ${round}\n` });
      upstream.commit({ [HARNESS]: `${round}\n` });
      await updated(learner);
    }
    expect(learner.files('set-aside')).toEqual({
      [`set-aside/2031-01-31/${HARNESS}`]: 'mine before two\n',
      [`set-aside/2031-01-31-2/${HARNESS}`]: 'mine before three\n',
    });
  });

  test('come back when they were removed', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.remove(HARNESS);
    upstream.commit({ [HARNESS]: 'two\n' });
    await updated(learner);
    expect(learner.read(HARNESS)).toBe('two\n');
    expect(learner.status()).toEqual([]);
  });
});

describe('an update that was cut off', () => {
  test('is finished by the next one', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ [APP]: MINE });
    learner.write({ [MORE]: MINE });
    const before = learner.head();
    upstream.commit({ [APP]: NEW_STUB, [MORE]: NEW_STUB, [HARNESS]: 'two\n', [README]: spec('changed') });
    expect(await updated(learner)).toMatchObject({ kind: 'updated', kept: [APP, MORE] });
    const files = learner.files();
    // As if it had ended before the branch was moved, with one file not written yet.
    learner.git('update-ref', 'HEAD', before);
    learner.remove(HARNESS);
    expect(await updated(learner)).toMatchObject({
      kind: 'updated',
      kept: [APP, MORE],
      aside: { paths: [] },
    });
    expect(learner.files()).toEqual(files);
    expect(learner.status()).toEqual([` M ${MORE}`]);
  });
});
