import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { APP, clonedWorkbook, GIT_ENV, HARNESS, Repository, STUB, updated } from './testing/clone.ts';

const MINE = 'export const answer = 42; // mine\n';
const NEW_STUB = 'export const answer = 1;\n';

describe('an update that cannot begin changes nothing and says what to do', () => {
  async function refusal(learner: Repository, request: Parameters<typeof updated>[1] = {}): Promise<string> {
    const before = learner.files();
    const result = await updated(learner, request);
    expect(learner.files()).toEqual(before);
    return 'why' in result ? `${result.kind}: ${result.why}` : result.kind;
  }

  test('without a network', async () => {
    const { upstream, learner } = clonedWorkbook();
    rmSync(upstream.root, { recursive: true });
    expect(await refusal(learner)).toMatch(/^unreachable: upstream gives no answer[^]*Are you online\?/);
  });

  test('on no branch', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit({ [HARNESS]: 'two\n' });
    learner.git('checkout', '--quiet', '--detach');
    expect(await refusal(learner)).toMatch(/^refused: You are on no branch[^]*git switch main/);
  });

  test('during a merge', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit({ [HARNESS]: 'two\n' });
    learner.git('switch', '--quiet', '--create', 'side');
    learner.commit({ 'README.md': 'side\n' });
    learner.git('switch', '--quiet', 'main');
    learner.commit({ 'package.json': '{ }\n' });
    learner.git('merge', '--quiet', '--no-commit', '--no-ff', 'side');
    expect(await refusal(learner)).toMatch(/^refused: A merge is under way[^]*git merge --abort/);
  });

  test('during a rebase', async () => {
    const { learner } = clonedWorkbook();
    learner.git('switch', '--quiet', '--create', 'side');
    learner.commit({ 'README.md': 'side\n' });
    learner.git('switch', '--quiet', 'main');
    learner.commit({ 'README.md': 'main\n' });
    expect(() => learner.git('rebase', 'side')).toThrow('conflict');
    expect(await refusal(learner)).toMatch(/^refused: A rebase is under way[^]*git rebase --abort/);
  });

  test('in the middle of a conflict', async () => {
    const { learner } = clonedWorkbook();
    learner.write({ 'README.md': 'stashed\n' });
    learner.git('stash', '--quiet');
    learner.commit({ 'README.md': 'mine\n' });
    expect(() => learner.git('stash', 'pop')).toThrow('failed');
    expect(await refusal(learner)).toMatch(/^refused: Some files are in the middle of a conflict/);
  });

  test('where a link of the learner’s stands in the way', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit({ [APP]: NEW_STUB });
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'app.ts'), STUB);
    learner.remove('exercises/04-jwt/src');
    symlinkSync(elsewhere, join(learner.root, 'exercises/04-jwt/src'), 'junction');
    expect(await refusal(learner)).toMatch(/^refused: exercises\/04-jwt\/src is a link or a file of yours/);
  });

  test('where a file of the learner’s is in the place of a new folder', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.commit({ 'docs/one.md': 'one\n' });
    learner.write({ docs: 'mine\n' });
    expect(await refusal(learner)).toMatch(/^refused: docs is a link or a file of yours/);
  });

  test('without a remote', async () => {
    const { learner } = clonedWorkbook();
    learner.git('remote', 'remove', 'upstream');
    expect(await refusal(learner)).toMatch(/^refused: [^]*git remote add upstream ADDRESS/);
  });

  test('with a remote or a branch that is not there', async () => {
    const { learner } = clonedWorkbook();
    expect(await refusal(learner, { remote: '--upload-pack=touch x' })).toMatch(
      /no remote "--upload-pack=touch x". There are: upstream\./,
    );
    expect(await refusal(learner, { branch: 'tea' })).toMatch(/upstream has no branch "tea"/);
    expect(await refusal(learner, { branch: '../x' })).toMatch(/cannot be the name of a branch/);
  });

  test('where there is no repository, no commit, or another one around it', async () => {
    const folder = temporaryFolder();
    const bare = new Repository(folder);
    const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: join(folder, '..') };
    expect(await refusal(bare, { env })).toMatch(/^refused: [^]*no clone of it/);
    bare.git('init', '--quiet');
    expect(await refusal(bare, { env })).toMatch(/There is no commit here yet/);
    bare.commit({ 'inner/README.md': 'x\n' });
    expect(await refusal(new Repository(join(folder, 'inner')), { env })).toMatch(/inside of another git/);
  });

  test('with a history that has nothing in common with ours, or too little of it', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.git('checkout', '--quiet', '--orphan', 'fresh');
    learner.commit({ 'README.md': 'fresh\n' });
    expect(await refusal(learner)).toMatch(/nothing in common/);

    const shallow = new Repository(temporaryFolder());
    shallow.git('clone', '--quiet', '--depth=1', `file://${upstream.root}`, '.');
    upstream.git('commit', '--quiet', '--amend', '--message', 'another first commit');
    expect(await refusal(shallow)).toMatch(/git fetch --unshallow origin/);
  });

  test('without git', async () => {
    const { learner } = clonedWorkbook();
    const env = { ...GIT_ENV, PATH: temporaryFolder() };
    expect(await refusal(learner, { env })).toMatch(/^refused: git is not installed/);
  });
});

describe('where a newer workbook comes from', () => {
  test('is upstream, where there is one; another remote or branch when asked for', async () => {
    const { upstream, learner } = clonedWorkbook();
    upstream.git('clone', '--quiet', '--bare', '.', '../fork');
    learner.git('remote', 'rename', 'upstream', 'origin');
    upstream.git('switch', '--quiet', '--create', 'next');
    const next = upstream.commit({ [HARNESS]: 'next\n' });
    upstream.git('switch', '--quiet', 'main');
    expect(await updated(learner)).toMatchObject({ kind: 'current', source: { remote: 'origin' } });
    learner.git('remote', 'add', 'upstream', upstream.root);
    learner.git('remote', 'set-url', 'origin', '../fork');
    expect(await updated(learner)).toMatchObject({ kind: 'current', source: { remote: 'upstream' } });
    expect(await updated(learner, { branch: 'next' })).toMatchObject({ kind: 'updated', head: next });
    expect(await updated(learner, { remote: 'origin' })).toMatchObject({ kind: 'current' });
  });

  test('does not matter to a learner whose name git does not know', async () => {
    const { upstream, learner } = clonedWorkbook();
    learner.commit({ [APP]: MINE });
    upstream.commit({ [HARNESS]: 'two\n' });
    const { PATH = '', GIT_CONFIG_GLOBAL = '' } = GIT_ENV;
    learner.git('config', 'user.useConfigOnly', 'true');
    const env = { PATH, GIT_CONFIG_GLOBAL, GIT_CONFIG_NOSYSTEM: '1' };
    expect(await updated(learner, { env })).toMatchObject({ kind: 'updated', merged: true });
    expect(learner.git('log', '-1', '--format=%an')).toBe('npm run update');
  });
});
