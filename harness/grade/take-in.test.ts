import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, linkSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { headOf, takeCommit } from './intake-git.ts';
import type { IntakeResult, Taken } from './intake.ts';
import { takeIn } from './take-in.ts';
import type { IntakeRequest } from './take-in.ts';
import { exerciseOf } from './testing/exercise.ts';

const POSIX = process.platform !== 'win32';
const EXERCISES = [exerciseOf('04-jwt')];

let base: string;
let fork: string;
beforeEach(() => {
  base = temporaryFolder();
  fork = join(base, 'fork');
  writeFiles(fork, { 'exercises/04-jwt/src/app.ts': 'one' });
});

async function take(given: Partial<IntakeRequest> = {}): Promise<IntakeResult> {
  return await takeIn({
    submission: fork,
    ref: null,
    exercises: EXERCISES,
    root: join(base, 'workbook'),
    cwd: base,
    out: join(base, 'out'),
    env: process.env,
    ...given,
  });
}

async function taken(given: Partial<IntakeRequest> = {}): Promise<Taken> {
  const result = await take(given);
  if (!result.ok) throw new Error(result.message);
  return result.intake.taken[0] as Taken;
}

const filesOf = ({ sources }: Taken): Record<string, string> | string =>
  sources.ok ? Object.fromEntries(sources.files) : sources.message;
const whys = ({ refused }: Taken): Record<string, string> =>
  Object.fromEntries(refused.map(({ path, why }) => [path, why]));
const messageOf = (result: IntakeResult): string => (result.ok ? 'taken' : result.message);

describe('a folder', () => {
  test('gives the editable files, and no config, package, suite or progress', async () => {
    writeFiles(fork, {
      'exercises/04-jwt/hidden/app.suite.ts': 'no',
      'exercises/04-jwt/exercise.json': '{ "editable": ["**/*"] }',
      'exercises/04-jwt/src/node_modules/x/a.ts': 'no',
      'exercises/04-jwt/src/tsconfig.json': '{}',
      'exercises/04-jwt/src/.env': 'SECRET=1',
      'exercises/04-jwt/src/.npmrc': 'x=1',
      'vitest.config.ts': 'no',
      'postcss.config.cjs': 'no',
      'package.json': '{}',
      '.workbook/progress.sqlite': 'no',
    });
    expect(filesOf(await taken())).toEqual({ 'src/app.ts': 'one' });
  });

  test('may be the folder of the one exercise that is asked for', async () => {
    const got = await taken({ submission: join(fork, 'exercises', '04-jwt') });
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
  });

  test('without one of two exercises gives an error for that one', async () => {
    const result = await take({ exercises: [...EXERCISES, exerciseOf('05-validation')] });
    const all = result.ok ? result.intake.taken.map(filesOf) : [];
    expect(all).toEqual([
      { 'src/app.ts': 'one' },
      expect.stringContaining('The submission has no folder exercises/'),
    ]);
  });

  test.runIf(POSIX)('refuses links, dangling and in a loop as well, and says so', async () => {
    const src = join(fork, 'exercises', '04-jwt', 'src');
    writeFiles(base, { 'secret.ts': 'secret' });
    symlinkSync(join(base, 'secret.ts'), join(src, 'link.ts'));
    symlinkSync('nowhere', join(src, 'dangling.ts'));
    symlinkSync('loop.ts', join(src, 'loop.ts'));
    symlinkSync(base, join(src, 'folder'));
    const got = await taken();
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(Object.keys(whys(got)).toSorted()).toEqual([
      'src/dangling.ts',
      'src/folder',
      'src/link.ts',
      'src/loop.ts',
    ]);
  });

  test.runIf(POSIX)('whose exercise lies behind a link is not read', async () => {
    const elsewhere = join(base, 'elsewhere');
    renameSync(join(fork, 'exercises', '04-jwt'), elsewhere);
    symlinkSync(elsewhere, join(fork, 'exercises', '04-jwt'));
    expect(filesOf(await taken())).toContain('Links are not followed');
    rmSync(join(fork, 'exercises'), { recursive: true });
    writeFiles(elsewhere, { '04-jwt/src/app.ts': 'x' });
    symlinkSync(elsewhere, join(fork, 'exercises'));
    expect(filesOf(await taken())).toContain('Links are not followed');
  });

  test('refuses a file that has a second name somewhere else', async () => {
    writeFiles(base, { 'suite.ts': 'secret' });
    linkSync(join(base, 'suite.ts'), join(fork, 'exercises', '04-jwt', 'src', 'mine.ts'));
    const got = await taken();
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(whys(got)['src/mine.ts']).toContain('hard link');
  });

  test.runIf(POSIX)('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [join(fork, 'exercises', '04-jwt', 'src', 'pipe.ts')]);
    const got = await taken();
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(whys(got)['src/pipe.ts']).toContain('pipe');
  });

  test('with too many or too large files is an error that says so', async () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`src/${index}.ts`, 'x']));
    writeFiles(join(fork, 'exercises', '04-jwt'), many);
    expect(filesOf(await taken())).toContain('more than 200 files');
  });
});

describe('what is named wrongly', () => {
  test('is said, with what would be right', async () => {
    expect(messageOf(await take({ submission: 'nowhere' }))).toContain('There is no "nowhere"');
    writeFiles(base, { 'notes.txt': 'hello' });
    expect(messageOf(await take({ submission: 'notes.txt' }))).toContain('--submission takes a folder');
    expect(messageOf(await take({ ref: 'main' }))).toContain('--ref goes with a git repository');
  });

  test('the mark is not written into the submission, nor the other way round', async () => {
    expect(messageOf(await take({ out: join(fork, 'out', 'deep') }))).toContain('lie in each other');
    expect(messageOf(await take({ out: base }))).toContain('lie in each other');
  });

  test.runIf(POSIX)('nor through a link', async () => {
    symlinkSync(fork, join(base, 'alias'));
    expect(messageOf(await take({ out: join(base, 'alias', 'out') }))).toContain('lie in each other');
  });
});

test('the working copy that judges is told from others', async () => {
  const own = await take({ root: fork });
  expect(own.ok && own.intake.own).toBe(true);
  const below = await take({ root: fork, submission: join(fork, 'exercises', '04-jwt') });
  expect(below.ok && below.intake.own).toBe(true);
  const other = await take();
  expect(other.ok && other.intake.own).toBe(false);
});

describe('a git repository', () => {
  const git = (...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@example.test', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd: fork,
        encoding: 'utf8',
        env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim();
  const commit = (): string => {
    git('add', '--all', '--force');
    git('commit', '--quiet', '--message', 'x');
    return git('rev-parse', 'HEAD');
  };
  let first: string;
  beforeEach(() => {
    git('init', '--quiet', '--initial-branch=main');
    first = commit();
  });

  async function commitTaken(
    given: Partial<IntakeRequest>,
  ): Promise<{ commit: string | null; files: unknown }> {
    const result = await take(given);
    if (!result.ok) throw new Error(result.message);
    return { commit: result.intake.commit, files: filesOf(result.intake.taken[0] as Taken) };
  }

  test('gives the files of a branch, a tag or a commit, whatever lies in its folder', async () => {
    git('tag', '--annotate', 'v1', '--message', 'x');
    writeFiles(fork, { 'exercises/04-jwt/src/app.ts': 'two' });
    const second = commit();
    writeFiles(fork, { 'exercises/04-jwt/src/app.ts': 'not committed' });
    expect(await commitTaken({ ref: 'main' })).toEqual({ commit: second, files: { 'src/app.ts': 'two' } });
    expect(await commitTaken({ ref: 'v1' })).toEqual({ commit: first, files: { 'src/app.ts': 'one' } });
    expect(await commitTaken({ ref: first })).toEqual({ commit: first, files: { 'src/app.ts': 'one' } });
    expect(await commitTaken({ submission: fork })).toEqual({
      commit: null,
      files: { 'src/app.ts': 'not committed' },
    });
  });

  test('tells the date that its commit says of itself, and what HEAD leads to without fetching anything', async () => {
    const seconds = Number(git('show', '--no-patch', '--format=%ct', 'HEAD'));
    const result = await take({ ref: 'main' });
    expect(result.ok && result.intake.committedAt).toBe(seconds * 1_000);
    const ask = (url: string, ref: string | null = null) =>
      headOf({ url, protocol: 'file', ref }, process.env);
    expect(await ask(join(fork, '.git'))).toEqual({ kind: 'commit', commit: first });
    expect(await ask(join(fork, '.git'), 'main')).toEqual({ kind: 'commit', commit: first });
    expect(await ask(join(fork, '.git'), 'nowhere')).toEqual({ kind: 'unknown' });
    git('init', '--quiet', '--bare', '--', join(base, 'empty.git'));
    expect(await ask(join(base, 'empty.git'))).toEqual({ kind: 'empty' });
    expect(await ask(join(base, 'nothing.git'))).toEqual({ kind: 'unknown' });
  });

  test('may be bare, and may be shallow', async () => {
    writeFiles(fork, { 'exercises/04-jwt/src/app.ts': 'two' });
    const second = commit();
    git('clone', '--quiet', '--bare', '--', fork, join(base, 'bare.git'));
    git('clone', '--quiet', '--depth=1', '--', `file://${fork}`, join(base, 'shallow'));
    const bare = await commitTaken({ submission: join(base, 'bare.git') });
    expect(bare).toEqual({ commit: second, files: { 'src/app.ts': 'two' } });
    const shallow = await commitTaken({ submission: join(base, 'shallow'), ref: second });
    expect(shallow).toEqual({ commit: second, files: { 'src/app.ts': 'two' } });
  });

  test('is cloned with hooks, watchers, filters, attributes, LFS and submodules off', async () => {
    const mark = join(base, 'ran');
    const run = `sh -c 'touch ${mark}'`;
    writeFiles(fork, {
      '.gitattributes': '*.ts filter=evil diff=evil text eol=crlf ident\n',
      '.gitmodules': `[submodule "x"]\n\tpath = exercises/04-jwt/src/sub\n\turl = ext::${run}\n`,
      '.lfsconfig': `[lfs]\n\tcustomtransfer = ${run}\n`,
      'exercises/04-jwt/src/app.ts': 'a\n$Id$\n',
    });
    git('add', '--all');
    git('update-index', '--add', '--cacheinfo', `160000,${first},exercises/04-jwt/src/sub.ts`);
    git('commit', '--quiet', '--message', 'x');
    const second = git('rev-parse', 'HEAD');
    appendFileSync(
      join(fork, '.git', 'config'),
      `[core]\n\tfsmonitor = ${run}\n\tsshCommand = ${run}\n\tpager = ${run}\n\tgitProxy = ${run}\n` +
        `\talternateRefsCommand = ${run}\n[filter "evil"]\n\tsmudge = ${run}\n\tclean = ${run}\n\trequired = true\n` +
        `[diff "evil"]\n\ttextconv = ${run}\n[uploadpack]\n\tpackObjectsHook = ${run}\n` +
        `[remote "origin"]\n\turl = ext::${run}\n\tpromisor = true\n\tuploadpack = ${run}\n` +
        `[extensions]\n\tpartialClone = origin\n[credential]\n\thelper = !${run}\n`,
    );
    for (const hook of [
      'post-checkout',
      'pre-receive',
      'post-update',
      'reference-transaction',
      'pre-auto-gc',
    ]) {
      writeFiles(fork, { [`.git/hooks/${hook}`]: `#!/bin/sh\ntouch ${mark}\n` });
      execFileSync('chmod', ['+x', join(fork, '.git', 'hooks', hook)]);
    }
    const result = await take({ ref: second });
    if (!result.ok) throw new Error(result.message);
    const got = result.intake.taken[0] as Taken;
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'a\n$Id$\n' });
    expect(whys(got)['src/sub.ts']).toContain('submodule');
    expect(existsSync(mark)).toBe(false);
    // The traps are armed: git as usual walks into one.
    git('status');
    expect(existsSync(mark)).toBe(true);
  });

  test.runIf(POSIX)('with links in a commit gives the rest, and says so', async () => {
    symlinkSync('/etc/passwd', join(fork, 'exercises', '04-jwt', 'src', 'link.ts'));
    const got = await taken({ ref: commit() });
    expect(filesOf(got)).toEqual({ 'src/app.ts': 'one' });
    expect(whys(got)['src/link.ts']).toContain('It is a link');
  });

  test('with a large file of an exercise is an error, and other large files do not matter', async () => {
    writeFiles(fork, { 'video.mp4': Buffer.alloc(3 << 20) });
    expect(filesOf(await taken({ ref: commit() }))).toEqual({ 'src/app.ts': 'one' });
    writeFiles(fork, { 'exercises/04-jwt/src/data.ts': Buffer.alloc(1 << 20, 'x') });
    expect(filesOf(await taken({ ref: commit() }))).toContain('larger than 256 KiB');
  });

  test('that is larger than a limit is an error for its exercises, and leaves nothing behind', async () => {
    writeFiles(fork, { 'exercises/04-jwt/src/app.ts': 'two' });
    commit();
    const mine = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('workbook-grade-'));
    const before = new Set(mine());
    const source = { url: join(fork, '.git'), protocol: 'file', ref: 'main' } as const;
    const limits = { within: 60_000, printed: 60, folder: 1 << 30 };
    const much = await takeCommit(source, EXERCISES, process.env, limits);
    expect(much.ok ? filesOf(much.taken[0] as Taken) : much.message).toContain('larger than');
    const late = await takeCommit(source, EXERCISES, process.env, { ...limits, within: 0 });
    expect(late).toMatchObject({ ok: false, message: expect.stringContaining('in time') });
    expect(mine().filter((name) => !before.has(name))).toEqual([]);
  });

  test('that borrows from elsewhere on the disk is not fetched from', async () => {
    const clone = join(base, 'clone');
    git('clone', '--quiet', '--shared', '--', fork, clone);
    expect(messageOf(await take({ submission: clone, ref: 'main' }))).toContain('borrows objects');
    git('worktree', 'add', '--quiet', join(base, 'tree'));
    expect(messageOf(await take({ submission: join(base, 'tree'), ref: 'main' }))).toContain(
      'somewhere else',
    );
    if (!POSIX) return;
    renameSync(join(fork, '.git', 'objects'), join(base, 'objects'));
    symlinkSync(join(base, 'objects'), join(fork, '.git', 'objects'));
    expect(messageOf(await take({ ref: 'main' }))).toContain('links, pipes or devices');
  });

  test('whose name or ref could be an option or a program is refused by name', async () => {
    const mark = join(base, 'ran');
    for (const ref of [
      '--upload-pack=touch x',
      '-x',
      'a..b',
      'main:refs/heads/x',
      'x y',
      '+main',
      '@{-1}',
      'a\nb',
    ]) {
      expect(messageOf(await take({ ref }))).toContain('is no name of a branch');
    }
    for (const [submission, why] of [
      [`ext::sh -c 'touch ${mark}'`, 'would start a program'],
      ['--upload-pack=x', 'as an option does'],
      [`file://${fork}`, 'by its path'],
      ['git://example.test/x.git', 'is not taken'],
      ['http://example.test/x.git', 'is not taken'],
      ['ssh://-oProxyCommand=x/y', 'names no host'],
      ['https://ada:secret@example.test/x.git', 'password'],
    ] as const) {
      expect(messageOf(await take({ submission }))).toContain(why);
    }
    expect(messageOf(await take({ ref: 'nowhere' }))).toContain("couldn't find remote ref nowhere");
    expect(existsSync(mark)).toBe(false);
  });

  test('that is not there is the judge’s matter, and nobody is asked for a password', async () => {
    const nobody = 'https://127.0.0.1:9/ada/workbook.git';
    expect(messageOf(await take({ submission: nobody, ref: 'main' }))).toContain('could not be fetched');
  });

  test('with a tree that unfolds into millions of files is not unfolded', async () => {
    // Each tree holds the next one ten times: seven levels make ten million names.
    let tree = git('rev-parse', 'HEAD:exercises/04-jwt/src');
    for (let level = 0; level < 7; level++) {
      const lines = Array.from({ length: 10 }, (_, index) => `040000 tree ${tree}\t${index}`).join('\n');
      tree = execFileSync('git', ['mktree'], { cwd: fork, input: `${lines}\n`, encoding: 'utf8' }).trim();
    }
    const bomb = git('commit-tree', tree, '-m', 'x');
    git('update-ref', 'refs/heads/bomb', bomb);
    expect(filesOf(await taken({ ref: 'bomb' }))).toMatch(/larger than|more than 50000 names/);
  });
});
