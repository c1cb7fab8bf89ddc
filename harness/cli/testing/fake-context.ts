import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runCommand } from '../command.ts';
import type { Command } from '../command.ts';
import type { Context, ExitCode, Terminal } from '../context.ts';
import { FIRST, SECOND, writeExercise } from './made-exercises.ts';

/** A workbook without a built harness: enough for every command that judges nothing. It is gone after the test. */
export function smallWorkbook(): string {
  const root = temporaryRoot();
  writeFileSync(join(root, 'package.json'), '{ "version": "1.2.3" }');
  writeExercise(root, FIRST);
  writeExercise(root, SECOND, { title: 'Twice as much again', requires: [FIRST] });
  return root;
}

/** An empty folder that is gone after the test. */
export function temporaryRoot(): string {
  const place = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-cli-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  // One deeper: what a command finds or makes beside its root is the test's own, too.
  const root = join(place, 'workbook');
  mkdirSync(root);
  return root;
}

export type World = { env?: Context['env'] } & Partial<Omit<Terminal, 'out' | 'err'>>;

export type Ran = { code: ExitCode; out: string; err: string };

/** Runs a command in a world of its own and collects what it prints. */
export async function run(command: Command, root: string, argv: string[], world: World = {}): Promise<Ran> {
  const { env = {}, ...terminal } = world;
  const printed = { out: '', err: '' };
  const code = await runCommand(command, argv, {
    root,
    build: join(root, '.workbook', 'build'),
    cwd: root,
    env,
    terminal: {
      out: (text) => void (printed.out += text),
      err: (text) => void (printed.err += text),
      columns: 80,
      colour: false,
      unicode: true,
      live: false,
      ...terminal,
    },
    now: () => Date.UTC(2031, 0, 1),
  });
  return { code, ...printed };
}
