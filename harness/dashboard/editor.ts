import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, delimiter, extname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What to start, or why nothing can be started. */
export type EditorChoice =
  { ok: true; file: string; args: string[] } | { ok: false; why: 'none' | 'terminal'; editor: string };

/** Editors with windows of their own, and how they are told the line. Others are not started: they need a terminal. */
const ARGUMENTS: Readonly<Record<string, (path: string, line: number) => string[]>> = {
  code: (path, line) => ['--goto', `${path}:${line}`],
  subl: (path, line) => [`${path}:${line}`],
  idea: (path, line) => ['--line', String(line), path],
  gedit: (path, line) => [`+${line}`, path],
  kate: (path, line) => ['--line', String(line), path],
  plain: (path) => [path],
};
const FAMILIES: Readonly<Record<string, keyof typeof ARGUMENTS>> = {
  code: 'code',
  'code-insiders': 'code',
  codium: 'code',
  vscodium: 'code',
  cursor: 'code',
  windsurf: 'code',
  subl: 'subl',
  zed: 'subl',
  idea: 'idea',
  webstorm: 'idea',
  gedit: 'gedit',
  'gnome-text-editor': 'gedit',
  kate: 'kate',
  'notepad++': 'plain',
  notepad: 'plain',
  bbedit: 'plain',
  mate: 'plain',
};

/**
 * The editor of `$VISUAL` or `$EDITOR`, else VS Code where it is in the path. No shell is involved: the words of the
 * variable are split at spaces.
 */
export function chooseEditor(
  path: string,
  line: number,
  env: Environment,
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
): EditorChoice {
  const wanted = [env['VISUAL'], env['EDITOR']].find((value) => value !== undefined && value.trim() !== '');
  const [typed = 'code', ...given] = (wanted ?? 'code').trim().split(/\s+/);
  const name = basename(typed.replaceAll('\\', '/')).toLowerCase();
  const family = FAMILIES[name.slice(0, name.length - extname(name).length)] ?? FAMILIES[name];
  if (family === undefined) return { ok: false, why: 'terminal', editor: typed };
  const file = findProgram(typed, env, exists, platform);
  if (file === null) return { ok: false, why: 'none', editor: typed };
  // A learner who waits for the editor in a terminal has set --wait; here nobody waits.
  const own = given.filter((word) => word !== '--wait' && word !== '-w');
  return { ok: true, file, args: [...own, ...(ARGUMENTS[family]?.(path, line) ?? [path])] };
}

/** Starts the editor, apart from this process. */
export async function startEditor({ file, args }: Extract<EditorChoice, { ok: true }>): Promise<boolean> {
  return await new Promise((resolve) => {
    const child = spawn(file, args, { detached: true, stdio: 'ignore', windowsHide: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function findProgram(
  typed: string,
  env: Environment,
  exists: (path: string) => boolean,
  platform: NodeJS.Platform,
): string | null {
  // Without a shell, Windows starts only .exe; `code` there is a .cmd that stands beside one.
  const names = platform === 'win32' && extname(typed) === '' ? [`${typed}.exe`] : [typed];
  if (/[\\/]/.test(typed)) return names.find(exists) ?? null;
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = places.find(exists);
  if (found !== undefined || platform !== 'win32') return found ?? null;
  return (
    folders
      .map((folder) => join(folder, '..', `${typed[0]?.toUpperCase() ?? ''}${typed.slice(1)}.exe`))
      .find(exists) ?? null
  );
}
