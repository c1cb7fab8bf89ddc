import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXERCISE, subjectFiles } from './subject.ts';
import type { CorpusSubject } from './subject.ts';
import type { CorpusWorkbook } from './workbook.ts';

/** How a command ended, and what it said. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null; out: string; err: string };

/** One run of `check` as a learner or a CI job starts it: a process of its own. */
export type Running = { child: ChildProcess; ended: Promise<Ended> };

export function startCheck(
  book: CorpusWorkbook,
  args: readonly string[],
  env: Record<string, string> = {},
): Running {
  const script = join(book.build, 'scripts', 'check.js');
  const child = spawn(process.execPath, [script, EXERCISE, ...args], {
    cwd: book.root,
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: book.temp,
      TEMP: book.temp,
      TMP: book.temp,
      CI: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return { child, ended: end(child, said) };
}

async function end(child: ChildProcess, said: { out: string; err: string }): Promise<Ended> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...said };
}

/** Writes a subject's files into a folder of their own, for `--from`. */
export async function writeSubject(book: CorpusWorkbook, subject: CorpusSubject): Promise<string> {
  const folder = join(book.root, 'handed-in', subject.name);
  for (const [path, text] of await subjectFiles(book.root, subject)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
