import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { computedMs } from './computing.ts';

test.runIf(process.platform === 'linux')('tells what the process itself knows of its computing', () => {
  const { user, system } = process.cpuUsage();
  const told = computedMs(process.pid) as number;
  expect(told).toBeGreaterThanOrEqual((user + system) / 1000 - 20);
});

test.runIf(process.platform === 'linux')('counts a process that computes, and none that waits', async () => {
  const child = spawn(
    process.execPath,
    ['-e', 'for (const end = Date.now() + 150; Date.now() < end;); console.log(1)'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  // It stays until its standard input ends.
  child.stdin.on('error', () => {});
  await once(child.stdout, 'data');
  const told = computedMs(child.pid) as number;
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(told).toBeGreaterThan(20);
});

test('is null where nothing can be known', () => {
  expect(computedMs(undefined)).toBeNull();
});
