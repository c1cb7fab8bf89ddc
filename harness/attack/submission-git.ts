import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { solutionIn, write } from './submission.ts';
import type { Handed, SubmissionAttack } from './submission.ts';
import type { Place } from './ground.ts';

/** Long before anybody could have handed anything in. */
const BACK_DATED = '1999-12-31T23:59:59Z';

function git(folder: string, args: readonly string[], env: Record<string, string> = {}, input = ''): string {
  const me = ['-c', 'user.name=a', '-c', 'user.email=a@example.test', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...me, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...env },
  }).trim();
}

function committed(fork: string, env: Record<string, string> = {}): Handed {
  git(fork, ['init', '--quiet', '--initial-branch=main']);
  git(fork, ['add', '--all', '--force']);
  git(fork, ['commit', '--quiet', '--message', 'x'], env);
  return { submission: fork, ref: 'main' };
}

/** Whatever git may run, as it runs it. */
function setTraps(fork: string, { marker }: Place): void {
  for (const name of [
    'post-checkout',
    'pre-commit',
    'reference-transaction',
    'post-index-change',
    'pre-auto-gc',
  ]) {
    const hook = join(fork, '.git', 'hooks', name);
    write(hook, `#!/bin/sh\ntouch ${marker}\n`);
    chmodSync(hook, 0o755);
  }
  const run = `sh -c 'touch ${marker}'`;
  appendFileSync(
    join(fork, '.git', 'config'),
    `[core]\n\tfsmonitor = ${run}\n\tsshCommand = ${run}\n\tpager = ${run}\n\talternateRefsCommand = ${run}\n` +
      `[filter "owned"]\n\tsmudge = ${run}\n\tclean = ${run}\n[uploadpack]\n\tpackObjectsHook = ${run}\n` +
      `[remote "origin"]\n\turl = ext::${run}\n\tuploadpack = ${run}\n[credential]\n\thelper = !${run}\n`,
  );
}

/** Submissions that are repositories. */
export const REPOSITORIES: readonly SubmissionAttack[] = [
  {
    name: 'brings-git-hooks',
    tries: ['D7'],
    does: 'is a folder with a repository whose hooks, filters and monitor run programs',
    make: (fork, _src, place) => {
      git(fork, ['init', '--quiet']);
      setTraps(fork, place);
      write(join(fork, '.gitattributes'), '* filter=owned\n');
    },
    ends: 'failed',
    plain: (folder, _own, place) => {
      committed(folder);
      setTraps(folder, place);
      return ['--changed'];
    },
  },
  {
    name: 'is-a-commit-with-traps',
    tries: ['D7', 'D5'],
    does: 'is a commit of such a repository, with attributes that ask for its filters',
    make: (fork, _src, place) => {
      write(join(fork, '.gitattributes'), '* filter=owned diff=owned ident text eol=crlf\n');
      write(join(fork, '.lfsconfig'), `[lfs]\n\tcustomtransfer = touch ${place.marker}\n`);
      const handed = committed(fork);
      setTraps(fork, place);
      return handed;
    },
    ends: 'failed',
    plain: 'it fetches no commit',
  },
  {
    name: 'has-a-submodule-that-runs',
    tries: ['D7'],
    does: 'is a commit with a submodule whose address is a command',
    make: (fork, src, { marker }) => {
      write(
        join(fork, '.gitmodules'),
        `[submodule "x"]\n\tpath = sub\n\turl = ext::sh -c 'touch ${marker}'\n\tupdate = !touch ${marker}\n`,
      );
      write(join(src, 'more.ts'), 'export {};\n');
      const handed = committed(fork);
      const head = git(fork, ['rev-parse', 'HEAD']);
      git(fork, ['update-index', '--add', '--cacheinfo', `160000,${head},sub`]);
      git(fork, ['commit', '--quiet', '--message', 'y']);
      return handed;
    },
    ends: 'failed',
    plain: 'it fetches no submodule',
  },
  {
    name: 'is-a-branch-that-is-an-option',
    tries: ['D7', 'F6'],
    does: 'wants to be fetched from a branch whose name is an option that runs a program',
    make: (fork, _src, { marker }) => ({ ...committed(fork), ref: `--upload-pack=touch ${marker}` }),
    ends: 'refused',
    plain: 'it fetches no branch',
  },
  {
    name: 'is-an-address-that-runs',
    tries: ['D7', 'F6'],
    does: 'is an address that is a command',
    make: (_fork, _src, { marker }) => ({ submission: `ext::sh -c 'touch ${marker}'`, ref: 'main' }),
    ends: 'refused',
    plain: 'it fetches from no address',
  },
  {
    name: 'has-a-link-in-its-commit',
    tries: ['D1'],
    does: 'is a commit with a link to the solution in the place of its program',
    make: (fork, src, place) => {
      rmSync(join(src, 'server.ts'));
      symlinkSync(solutionIn(place), join(src, 'server.ts'));
      return committed(fork);
    },
    ends: 'error',
    plain: 'it takes no commit; is-a-link-to-the-solution shows what it does with a link',
  },
  {
    name: 'borrows-objects',
    tries: ['D7', 'D1'],
    does: 'is a repository that keeps its objects in a folder of somebody else',
    make: (fork, _src, { root }) => {
      const handed = committed(fork);
      writeFileSync(join(fork, '.git', 'objects', 'info', 'alternates'), `${root}/.git/objects\n`);
      return handed;
    },
    ends: 'refused',
    plain: 'it reads no object of git',
  },
  {
    name: 'unfolds-without-end',
    tries: ['D3'],
    does: 'is a commit whose folders hold each other, ten million names in all',
    make: (fork) => {
      const handed = committed(fork);
      let tree = git(fork, ['rev-parse', 'HEAD:exercises']);
      for (let level = 0; level < 7; level++) {
        const lines = Array.from({ length: 10 }, (_, index) => `040000 tree ${tree}\t${index}`).join('\n');
        tree = git(fork, ['mktree'], {}, `${lines}\n`);
      }
      git(fork, ['update-ref', 'refs/heads/main', git(fork, ['commit-tree', tree, '-m', 'x'])]);
      return handed;
    },
    ends: 'error',
    plain: 'it unfolds no commit',
  },
  {
    name: 'is-back-dated',
    tries: ['C6'],
    does: 'is a commit that claims to be from the last century, pushed over a later one',
    make: (fork, src) => {
      committed(fork);
      write(join(src, 'more.ts'), 'export {};\n');
      git(fork, ['add', '--all']);
      git(fork, ['commit', '--quiet', '--amend', '--message', 'in time', '--date', BACK_DATED], {
        GIT_COMMITTER_DATE: BACK_DATED,
      });
      return { submission: fork, ref: 'main' };
    },
    ends: 'failed',
    untold: () => ({
      kind: 'forged',
      what: 'a mark with the date of its commit',
      text: BACK_DATED.slice(0, 10),
    }),
    plain: 'its report knows nothing of commits and deadlines',
  },
];
