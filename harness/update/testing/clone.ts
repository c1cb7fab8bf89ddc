import { execFileSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder, writeFiles } from '../../catalog/temp-workbook.ts';
import { update } from '../update.ts';
import type { Updated, UpdateRequest } from '../update.ts';

/** git without anybody's configuration, as a person of its own. */
export const GIT_ENV: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  ...(process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot }),
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@workbook.invalid',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@workbook.invalid',
};

export const STUB = 'export const answer = 0;\n';
export const APP = 'exercises/04-jwt/src/app.ts';
export const README = 'exercises/04-jwt/README.md';
export const HARNESS = 'harness/check.ts';

/** The spec of 04-jwt. `expired`: the sentence of R2. */
export function spec(expired = 'An expired token is refused'): string {
  return `# Tokens\n\n## Rules\n\n### Core\n\n- **R1** A token is made *(RFC 7519 §3)*\n- **R2** ${expired} *(RFC 7519 §4.1.4)*\n`;
}

export function exerciseFile(title: string): string {
  const app = { kind: 'module', entry: 'src/app.ts' };
  const rest = { phase: 1, minutes: 30, difficulty: 1, requires: [], editable: ['src/**/*.ts'] };
  return JSON.stringify({ title, ...rest, parts: { app }, rules: {} });
}

/** All files of a small exercise, stub and solution. */
export function exercise(id: string, title = 'Tokens'): Record<string, string> {
  return {
    [`exercises/${id}/exercise.json`]: exerciseFile(title),
    [`exercises/${id}/README.md`]: spec(),
    [`exercises/${id}/hidden/core.suite.ts`]: '// the suite\n',
    [`exercises/${id}/src/app.ts`]: STUB,
    [`exercises/${id}/src/more.ts`]: STUB,
    [`solutions/${id}/stub/src/app.ts`]: STUB,
  };
}

/** A folder that is a git repository. */
export class Repository {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  git(...args: string[]): string {
    const options = { cwd: this.root, env: GIT_ENV, encoding: 'utf8' as const, stdio: 'pipe' as const };
    return execFileSync('git', args, options).trimEnd();
  }

  write(files: Record<string, string>): void {
    writeFiles(this.root, files);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** Writes the files and commits all that lies there. */
  commit(files: Record<string, string> = {}): string {
    this.write(files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'a change');
    return this.head();
  }

  head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return lstatSync(join(this.root, path), { throwIfNoEntry: false }) !== undefined;
  }

  /** What differs from the last commit, as `git status` says it: ` M path`. */
  status(): string[] {
    return this.git('status', '--porcelain', '--untracked-files=all').split('\n').filter(Boolean);
  }

  /** Every file with its content, without git's own. */
  files(folder = ''): Record<string, string> {
    const found: Record<string, string> = {};
    for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === '.git') continue;
      if (entry.isDirectory()) Object.assign(found, this.files(path));
      else if (entry.isSymbolicLink()) found[path] = readlinkSync(join(this.root, path));
      else found[path] = this.read(path);
    }
    return found;
  }
}

/** Made once and copied for each test: git takes much longer than a copy. */
let template: string | null = null;

function templateFolder(): string {
  if (template !== null) return template;
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-update-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  template = folder;
  const both = new Repository(folder);
  both.git('init', '--quiet', '--template=', '--initial-branch=main', 'workbook');
  new Repository(join(folder, 'workbook')).commit({
    ...exercise('04-jwt'),
    ...exercise('13-old', 'Old'),
    'package.json': '{}\n',
    'package-lock.json': '{}\n',
    'README.md': 'one\n',
    [HARNESS]: 'one\n',
    '.gitattributes': '* text=auto eol=lf\n',
    '.gitignore': 'node_modules/\n.workbook/\n',
  });
  both.git('clone', '--quiet', '--template=', '--origin', 'upstream', 'workbook', 'learner');
  // Relative, so that it is right in every copy.
  new Repository(join(folder, 'learner')).git('remote', 'set-url', 'upstream', '../workbook');
  return folder;
}

/** A workbook with the exercises 04-jwt and 13-old, and a learner's clone of it. Both are gone after the test. */
export function clonedWorkbook(): { upstream: Repository; learner: Repository } {
  const folder = temporaryFolder();
  cpSync(templateFolder(), folder, { recursive: true });
  return {
    upstream: new Repository(join(folder, 'workbook')),
    learner: new Repository(join(folder, 'learner')),
  };
}

/** Updates a clone as the command would. */
export async function updated({ root }: Repository, request: Partial<UpdateRequest> = {}): Promise<Updated> {
  return await update({
    root,
    env: GIT_ENV,
    remote: null,
    branch: null,
    dryRun: false,
    now: Date.UTC(2031, 0, 31),
    onProgress: () => {},
    ...request,
  });
}
