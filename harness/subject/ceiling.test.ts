import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { underCeiling } from './ceiling.ts';

const POSIX = process.platform !== 'win32';

async function ended(command: string, args: readonly string[]): Promise<NodeJS.Signals | null> {
  const child = spawn(command, args, { stdio: 'ignore', timeout: 20_000, killSignal: 'SIGTERM' });
  return await new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));
}

describe('a process that nobody watches', () => {
  test.runIf(POSIX)('is ended by the system when it computes for ever', async () => {
    const { command, args } = underCeiling(process.execPath, ['-e', 'for (;;);'], { cpuSeconds: 1 });
    expect(await ended(command, args)).toMatch(/^SIG(XCPU|KILL)$/);
  });

  test('gets its arguments as they are', async () => {
    const script = 'process.exitCode = process.argv[1] === "a \'b\' $c" ? 0 : 1';
    const { command, args } = underCeiling(process.execPath, ['-e', script, "a 'b' $c"], { cpuSeconds: 20 });
    const child = spawn(command, args, { stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  });

  test('is started as it is where there are no such limits', () => {
    expect(underCeiling('node.exe', ['a'], { cpuSeconds: 1 }, 'win32')).toEqual({
      command: 'node.exe',
      args: ['a'],
    });
  });
});
