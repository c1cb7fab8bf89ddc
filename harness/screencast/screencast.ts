import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outsideNpm } from '../bench/environment.ts';
import { atExit } from '../subject/exit.ts';
import { PLAYED, SCENES } from './scenes.ts';
import type { Scene } from './scenes.ts';

/** All that the played commands read. The build comes along, so that nothing is built anew. */
const COPIED = [
  'exercises',
  'solutions',
  'harness',
  'scripts',
  'package.json',
  'package-lock.json',
  '.workbook/build',
];

/** One command may take this long, in milliseconds. */
const WITHIN = 120_000;

/**
 * Plays the scenes in a copy of the workbook and returns what a terminal of 80 columns would show, as Markdown. `root`: the
 * workbook, built. Throws an Error when an edit does not fit the stub any more or a command fails by itself.
 */
export async function play(root: string): Promise<string> {
  const base = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-screencast-'));
  const remove = (): void => rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  const forget = atExit(remove);
  try {
    const copy = join(base, 'workbook');
    mkdirSync(copy);
    for (const name of COPIED)
      cpSync(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true });
    symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'), 'junction');
    restoreStub(copy);
    const shown: string[] = [];
    for (const scene of SCENES) shown.push(await playScene(copy, scene));
    return shown.join('\n');
  } finally {
    forget();
    remove();
  }
}

/** Whoever plays this may have solved the exercise. */
function restoreStub(copy: string): void {
  const own = join(copy, 'exercises', PLAYED, 'src');
  rmSync(own, { recursive: true, force: true });
  cpSync(join(copy, 'solutions', PLAYED, 'stub', 'src'), own, { recursive: true });
}

async function playScene(copy: string, { told, edit, typed, fixed = [] }: Scene): Promise<string> {
  if (edit !== undefined) applyEdit(copy, edit);
  const words = typed.split(' ').slice(2);
  const printed = await printedBy(copy, [...words, ...fixed]);
  const indented = [`$ ${typed}`, ...printed.trimEnd().split('\n')].map((line) => `    ${line}`.trimEnd());
  return `${told}\n\n${indented.join('\n')}\n`;
}

function applyEdit(copy: string, edit: NonNullable<Scene['edit']>): void {
  const own = join(copy, 'exercises', PLAYED, 'src');
  if (edit === 'solution') {
    cpSync(join(copy, 'solutions', PLAYED, 'src'), own, { recursive: true });
    return;
  }
  const file = join(own, 'server.ts');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(edit.find))
    throw new Error(`the screencast changes a text that ${file} does not have:\n${edit.find}`);
  writeFileSync(
    file,
    text.replace(edit.find, () => edit.replace),
  );
}

/** What a command prints on a wide enough pipe, without the copy's own place. */
async function printedBy(copy: string, words: readonly string[]): Promise<string> {
  const { CI: _ci, ...env } = outsideNpm(process.env);
  const child = spawn(process.execPath, [join('harness', 'build', 'run.mjs'), ...words], {
    cwd: copy,
    env: { ...env, NO_COLOR: '1', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN,
    windowsHide: true,
  });
  const forget = atExit(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  forget();
  if (code !== 0 && code !== 1) throw new Error(`${words.join(' ')} ended with ${code}: ${err}${out}`);
  return out.replaceAll(copy, '.');
}
