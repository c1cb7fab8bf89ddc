import { join } from 'node:path';
import { ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';
import type { World } from './world.ts';

const NAME = 'git';

/** Whether the learner's work is in a repository, so that nothing gets lost. */
export async function repository(world: World): Promise<Finding[]> {
  const version = await world.run('git', ['--version']);
  if (version.kind === 'missing') {
    return [
      warn(
        NAME,
        'git is not installed. Checks work without it, but your work has no history.',
        'Install it from https://git-scm.com',
      ),
    ];
  }
  const inside = await world.run('git', ['rev-parse', '--show-prefix']);
  if (inside.kind !== 'ended') return [warn(NAME, 'git did not answer in time.', 'git status')];
  if (inside.code !== 0) {
    if (/dubious ownership/.test(inside.err)) {
      const fix = `git config --global --add safe.directory "${world.root.replaceAll('\\', '/')}"`;
      return [warn(NAME, 'This folder belongs to another user, so git does not touch it.', fix)];
    }
    const text = 'This folder is no repository: an archive was unpacked, perhaps. Your work has no history.';
    return [warn(NAME, text, 'git init && git add -A && git commit -m "The workbook"')];
  }
  // One status for all: a file that git ignores is no work of a learner.
  const status = await world.run('git', [
    'status',
    '--porcelain',
    '--untracked-files=all',
    '--',
    'exercises',
  ]);
  if (status.kind !== 'ended' || status.code !== 0) return [warn(NAME, 'git status failed.', 'git status')];
  const files = status.out.split('\n').filter((line) => line !== '').length;
  if (files === 0) return [ok(NAME, 'everything in exercises/ is committed')];
  const text = `${files} ${files === 1 ? 'file' : 'files'} in exercises/ ${files === 1 ? 'is' : 'are'} not committed yet.`;
  return [warn(NAME, text, 'git add exercises && git commit -m "My work"')];
}

/** Texts that were checked out with carriage returns, as git does it on Windows where it is told to. */
export async function lineEndings(world: World): Promise<Finding[]> {
  const text = world.read(join(world.root, 'package.json'));
  if (text?.includes('\r\n') !== true) return Promise.resolve([]);
  const found =
    'git has put carriage returns into the files. Checks work with them, but `git diff` and the untouched stub look changed.';
  const fix = 'git config core.autocrlf input, commit your work, then clone again into a new folder';
  return Promise.resolve([warn('line endings', found, fix)]);
}
