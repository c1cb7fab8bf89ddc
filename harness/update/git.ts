import { execFile } from 'node:child_process';
import { atExit } from '../subject/exit.ts';

/** How a git command ended. `code` null: git could not be started, or a signal ended it. */
export type GitRan = { code: number | null; out: Buffer; err: string; missing: boolean };

/** A git command failed that should not have. The message holds git's own words. */
export class GitFailure extends Error {}

export type GitOptions = {
  input?: string;
  /** Another index file than the repository's own. */
  index?: string;
};

/**
 * Set for every command, whatever the learner's own configuration says: nothing that is configured as a command runs
 * (hooks, file watchers), nothing goes on in the background, names come as they are.
 */
export const GIT_CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  // A network that says nothing for half a minute is none.
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=30',
].flatMap((setting) => ['-c', setting]);

/** Variables that would lead git to another repository than the one it is started in (git rev-parse --local-env-vars). */
const ELSEWHERE = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
];

const LARGEST_ANSWER = 512 * 1024 * 1024;

/** git, in one folder. Arguments are a list and meet no shell; words of the learner stand behind `--` or in a full ref. */
export class Git {
  private readonly root: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(root: string, env: Readonly<Record<string, string | undefined>>) {
    this.root = root;
    this.env = { ...env, LC_ALL: 'C', GIT_LITERAL_PATHSPECS: '1' };
    for (const name of ELSEWHERE) delete this.env[name];
    // Where nobody can answer, a question for a password would wait for ever.
    if (process.stdin.isTTY !== true) this.env.GIT_TERMINAL_PROMPT ??= '0';
  }

  /** Runs a command to its end. Never throws. */
  run(args: readonly string[], { input = '', index }: GitOptions = {}): Promise<GitRan> {
    return new Promise((resolve) => {
      const env = index === undefined ? this.env : { ...this.env, GIT_INDEX_FILE: index };
      const child = execFile(
        'git',
        [...GIT_CONFIG, ...args],
        { cwd: this.root, env, encoding: 'buffer', maxBuffer: LARGEST_ANSWER, windowsHide: true },
        (error, out, err) => {
          forget();
          const missing = error?.code === 'ENOENT';
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          resolve({ code, out, err: err.toString('utf8').trim() || (error?.message ?? ''), missing });
        },
      );
      const forget = atExit(() => void child.kill());
      // git may end before it has read everything; its exit code says why.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
  }

  /** Runs a command that has to succeed. Throws GitFailure. */
  async must(args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
    const ran = await this.run(args, options);
    if (ran.code === 0) return ran.out;
    throw new GitFailure(`git ${args[0] ?? ''} failed: ${ran.err || `exit code ${ran.code}`}`);
  }

  /** The answer of a command as one line; null: it failed. */
  async line(args: readonly string[]): Promise<string | null> {
    const { code, out } = await this.run(args);
    return code === 0 ? out.toString('utf8').replace(/\r?\n$/, '') : null;
  }

  /** The contents of blobs, by object id. Throws GitFailure for one that is not there. */
  async blobs(oids: readonly string[]): Promise<Map<string, Buffer>> {
    const wanted = [...new Set(oids)];
    const found = new Map<string, Buffer>();
    if (wanted.length === 0) return found;
    const all = await this.must(['cat-file', '--batch'], { input: `${wanted.join('\n')}\n` });
    let at = 0;
    for (const oid of wanted) {
      const end = all.indexOf(0x0a, at);
      const [, type, size] = all.subarray(at, end).toString('latin1').split(' ');
      if (type !== 'blob') throw new GitFailure(`git has no file ${oid}`);
      found.set(oid, all.subarray(end + 1, end + 1 + Number(size)));
      at = end + 1 + Number(size) + 1;
    }
    return found;
  }
}
