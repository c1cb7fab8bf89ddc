import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { lstatSync, opendirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { underCeiling } from '../subject/ceiling.ts';
import { atExit } from '../subject/exit.ts';
import { GIT_CONFIG } from '../update/git.ts';

export type GitLimits = {
  /** Milliseconds for one command. */
  within: number;
  /** Bytes that a command may print. */
  printed: number;
  /** Bytes in the folder that it works in. */
  folder: number;
};

export const GIT_LIMITS: GitLimits = {
  within: 120_000,
  printed: 64 * 1024 * 1024,
  folder: 512 * 1024 * 1024,
};

/** `failed`: git's own words. `late`, `much`: a limit was met. */
export type GitAnswer =
  { ok: true; out: Buffer } | { ok: false; why: 'failed' | 'missing' | 'late' | 'much'; message: string };

/** Which way git may go to another repository. `file`: one on this machine. `none`: it may not. */
export type GitProtocol = 'https' | 'ssh' | 'file' | 'none';

type Environment = Readonly<Record<string, string | undefined>>;

/** Programs of git's need these; of everything else in the environment they see nothing. */
const KEPT = [
  'PATH',
  'HOME',
  'SSH_AUTH_SOCK',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'SystemDrive',
  'USERPROFILE',
  'PATHEXT',
  'ComSpec',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'CURL_CA_BUNDLE',
];

/** KiB of address space, in a shell's counting: a pack that unpacks to more is a bomb. */
const MOST_MEMORY = 4 * 1024 * 1024;

const LOOK_EVERY = 100;

/**
 * git, for repositories of strangers. It works in a bare repository of ours, so that nothing is ever checked out: filters,
 * LFS, attributes and submodules have no place to act. Hooks and watchers are off, no configuration but ours is read, nobody
 * is asked for a password, and only the named protocol is allowed. Each command is a process group that ends with its limits.
 */
export class StrangersGit {
  private readonly folder: string;
  private readonly limits: GitLimits;
  private readonly env: Environment;

  /** `folder`: an empty one, of ours. It gets a file with git's configuration beside the repository. */
  constructor(folder: string, env: Environment, limits: GitLimits = GIT_LIMITS) {
    this.folder = folder;
    this.limits = limits;
    const config = join(folder, 'config-of-ours');
    writeFileSync(config, CONFIG);
    this.env = {
      ...Object.fromEntries(KEPT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: config,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_SYSTEM: config,
      GIT_ATTR_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GCM_INTERACTIVE: 'never',
      GIT_NO_LAZY_FETCH: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_LITERAL_PATHSPECS: '1',
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_SSH_COMMAND:
        'ssh -oBatchMode=yes -oClearAllForwardings=yes -oForwardAgent=no -oPermitLocalCommand=no',
    };
  }

  get repository(): string {
    return join(this.folder, 'repository.git');
  }

  /** Runs a command to its end. Arguments are a list; words of strangers stand behind `--`. Never throws. */
  async run(args: readonly string[], protocol: GitProtocol = 'none', input = ''): Promise<GitAnswer> {
    const { within, printed, folder } = this.limits;
    const { command, args: all } = withinMemory('git', [...GIT_CONFIG, ...args]);
    const isGroup = process.platform !== 'win32';
    const child = spawn(command, all, {
      cwd: this.folder,
      env: { ...this.env, GIT_ALLOW_PROTOCOL: protocol },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: isGroup,
      windowsHide: true,
    });
    const kill = (): void => endGroup(child, isGroup);
    const forget = atExit(kill);
    let met: 'late' | 'much' | null = null;
    const stop = (why: 'late' | 'much'): void => {
      met ??= why;
      kill();
    };
    const timer = setTimeout(() => stop('late'), within);
    const watch = setInterval(() => {
      if (sizeOf(this.folder, folder) > folder) stop('much');
    }, LOOK_EVERY);
    const out: Buffer[] = [];
    let size = 0;
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > printed) stop('much');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (err.length < 4_000) err += chunk.toString('utf8');
    });
    // git may end before it has read everything; its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const code = await new Promise<number | 'missing' | null>((resolve) => {
      child.once('error', () => resolve('missing'));
      child.once('close', (ended) => resolve(ended));
    });
    clearTimeout(timer);
    clearInterval(watch);
    kill();
    forget();
    // 127: the shell found no git.
    if (code === 'missing' || code === 127) return { ok: false, why: 'missing', message: MISSING };
    if (met !== null) return { ok: false, why: met, message: met === 'late' ? LATE : MUCH };
    if (code === 0) return { ok: true, out: Buffer.concat(out, size) };
    return { ok: false, why: 'failed', message: err.trim().slice(0, 1_000) || `exit code ${code}` };
  }
}

function withinMemory(binary: string, args: readonly string[]): { command: string; args: string[] } {
  const ceiling = underCeiling(binary, args, { cpuSeconds: 300 });
  if (process.platform !== 'linux') return ceiling;
  return {
    command: '/bin/sh',
    args: ['-c', `ulimit -v ${MOST_MEMORY}; exec "$0" "$@"`, ceiling.command, ...ceiling.args],
  };
}

function endGroup(child: ChildProcess, isGroup: boolean): void {
  if (child.pid === undefined) return;
  try {
    if (isGroup) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It is gone already, and all of its group with it.
  }
}

/** Bytes below a folder of ours; it stops counting beyond `enough`. */
function sizeOf(folder: string, enough: number): number {
  let total = 0;
  const folders = [folder];
  for (let path = folders.pop(); path !== undefined && total <= enough; path = folders.pop()) {
    try {
      const open = opendirSync(path);
      try {
        for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
          const inside = join(path, entry.name);
          if (entry.isDirectory()) folders.push(inside);
          else total += lstatSync(inside, { throwIfNoEntry: false })?.size ?? 0;
        }
      } finally {
        open.closeSync();
      }
    } catch {
      // git makes and removes folders while they are looked at.
    }
  }
  return total;
}

/** All the configuration that git reads. A stranger's repository belongs to another user more often than not. */
const CONFIG = `[safe]
	directory = *
[uploadpack]
	allowAnySHA1InWant = true
[core]
	bigFileThreshold = 1m
	symlinks = false
	protectNTFS = true
	protectHFS = true
[protocol]
	version = 2
[http]
	followRedirects = initial
[submodule]
	recurse = false
`;

const MISSING = 'There is no git on this machine. Install it, then run the command again.';
const LATE = 'git did not end in time.';
const MUCH = 'The repository is larger than a copy of the workbook can be.';
