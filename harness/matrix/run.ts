import { spawn } from 'node:child_process';
import { atExit } from '../subject/exit.ts';

/** How a command ended. `code` null: it was ended by a signal, or could not be started. */
export type Ran = { code: number | null; stdout: string; stderr: string };

export type RunOptions = { cwd: string; env: NodeJS.ProcessEnv; within: number };

/** Runs a command to its end and keeps all that it prints. Never throws. `within`: milliseconds. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((resolve) => {
    const { cwd, env, within } = options;
    const child = spawn(command, args, {
      cwd,
      env,
      timeout: within,
      killSignal: 'SIGKILL',
      // npm is a script on Windows, which only a shell starts.
      shell: process.platform === 'win32' && command === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const forget = atExit(() => void child.kill('SIGKILL'));
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
    child.on('error', (error) => resolve({ code: null, ...text, stderr: text.stderr + error.message }));
    child.on('close', (code) => {
      forget();
      resolve({ code, ...text });
    });
  });
}
