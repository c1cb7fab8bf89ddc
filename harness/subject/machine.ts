import { execFile } from 'node:child_process';
import { atExit } from './exit.ts';

/** How a program of the machine ended. `missing`: there is none of that name. `late`: it was ended after its time. */
export type Ran =
  { kind: 'ended'; code: number; out: string; err: string } | { kind: 'missing' } | { kind: 'late' };

/** `within`: how long it may take, in milliseconds. Without `env` it gets that of this process. */
export type RunOptions = { cwd: string; within: number; env?: Record<string, string> };

/** Runs a program of the machine (bwrap, git, npm), never one that is judged. It ends with this process at the latest. */
export function runOnMachine(
  file: string,
  args: readonly string[],
  { cwd, within, env }: RunOptions,
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      timeout: within,
      killSignal: 'SIGKILL',
      windowsHide: true,
      // npm is a script on Windows, and only a shell starts those. All arguments are our own words.
      shell: process.platform === 'win32' && file === 'npm',
      ...(env === undefined ? {} : { env }),
    } as const;
    const child = execFile(file, [...args], options, (error, out, err) => {
      forget();
      if (error === null) return resolve({ kind: 'ended', code: 0, out, err });
      if (error.code === 'ENOENT') return resolve({ kind: 'missing' });
      if (error.killed === true) return resolve({ kind: 'late' });
      const code = typeof error.code === 'number' ? error.code : 1;
      resolve({ kind: 'ended', code, out, err: err === '' ? error.message : err });
    });
    const forget = atExit(() => void child.kill('SIGKILL'));
  });
}
