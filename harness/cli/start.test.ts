import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { browserLine, startCommand } from './start.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';

test.each(['0', '70000', 'x', '-1', '80.5'])('--port %s is no port', async (port) => {
  const { code, err } = await run(startCommand, smallWorkbook(), [`--port=${port}`]);
  expect([code, err]).toEqual([2, '--port takes a whole number from 1 to 65535.\n']);
});

test('a port that is taken is said', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const root = smallWorkbook();
  mkdirSync(join(root, '.workbook'));
  symlinkSync(join(process.cwd(), '.workbook', 'build'), join(root, '.workbook', 'build'), 'junction');
  const { code, err } = await run(startCommand, root, ['--port', String(port)]);
  expect(code).toBe(2);
  expect(err).toContain(`Port ${port} is taken`);
});

test('the address is one argument of the program that opens it, on every system', () => {
  const address = 'http://127.0.0.1:4100/';
  for (const platform of ['darwin', 'win32', 'linux'] as const) {
    expect(browserLine(platform, address)[1].at(-1)).toBe(address);
  }
});
