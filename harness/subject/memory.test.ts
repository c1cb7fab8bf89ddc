import { expect, test } from 'vitest';
import { residentBytes } from './memory.ts';

test.runIf(process.platform === 'linux')(
  'tells what the process itself knows of its memory, within a quarter',
  () => {
    const told = residentBytes(process.pid) as number;
    const own = process.memoryUsage.rss();
    expect(Math.abs(told - own)).toBeLessThan(own / 4);
  },
);

test('is null for a process that is not there', () => {
  expect(residentBytes(undefined)).toBeNull();
  expect(residentBytes(2 ** 30)).toBeNull();
});
