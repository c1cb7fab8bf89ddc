import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, ListenOptions } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../suite/rule.ts';
import { builtHost } from '../testing/host.ts';
import { inNamespaces } from '../testing/levels.ts';
import { Scratch } from '../scratch.ts';
import { attacker, folderOutside } from '../testing/walled.ts';
import { MOST_PROCESSES } from './enclosure.ts';
import { FOLDER_LIMITS } from './folder-watch.ts';

/**
 * What a program may try that knows where it runs. Each attack is tried without the walls first, where it has to succeed:
 * otherwise its failure behind them would prove nothing. Node's permission model is off in both.
 */
const PROGRAM = `
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';

const tried = (run) => {
  try {
    return run();
  } catch (error) {
    return String(error.code);
  }
};
export const read = (path) => tried(() => fs.readFileSync(path, 'utf8'));
export const list = (path) => tried(() => fs.readdirSync(path));
export const write = (path, text) => tried(() => fs.writeFileSync(path, text) ?? 'written');
export const commands = () =>
  fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((pid) => read('/proc/' + pid + '/cmdline'));
export const environments = () =>
  list('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((pid) => read('/proc/' + pid + '/environ').split('\\0'))
    .filter((each) => each.includes('='))
    .map((each) => each.split('=')[0]);
export const kill = (pid) => tried(() => process.kill(pid, 'SIGKILL') && 'killed');
export const dial = (to) =>
  new Promise((resolve) => {
    const socket = net.connect(to);
    socket.on('error', (error) => resolve(String(error.code)));
    socket.on('data', (chunk) => resolve(chunk.toString()));
  });
export const send = (port) =>
  new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    socket.on('error', (error) => resolve(String(error.code)));
    socket.send('hello', port, '127.0.0.1', (error) => resolve(error ? String(error.code) : 'sent'));
  });
export const detach = (file) =>
  new Promise((resolve) => {
    // Twice forked, in a session of its own, without a parent.
    const code = \`require('child_process').spawn(process.execPath, ['-e', \${JSON.stringify(
      'setInterval(() => require("fs").writeFileSync(' + JSON.stringify(file) + ', process.pid + " " + Date.now()), 20)',
    )}], { detached: true, stdio: 'ignore' }).unref()\`;
    const child = spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' });
    child.on('exit', () => resolve('detached'));
    child.on('error', (error) => resolve(String(error.code)));
  });
export const fork = async (count) => {
  const started = [];
  for (let index = 0; index < count; index++) {
    const child = spawn('/bin/sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', () => {});
    started.push(child);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return started.filter((child) => child.exitCode === null && child.pid !== undefined).length;
};
export const litter = async (folder, count) => {
  for (let index = 0; index < count; index++) {
    fs.writeFileSync(folder + '/' + index, '');
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
  return fs.readdirSync(folder).length;
};
export const deep = (folder) => {
  process.chdir(folder);
  for (let depth = 0; depth < 40; depth++) {
    fs.mkdirSync('d'.repeat(200));
    process.chdir('d'.repeat(200));
  }
  return process.chdir('/') ?? 'deep';
};
export const disturb = async () => {
  const socket = net.connect('/relay/socket');
  await new Promise((resolve) => socket.on('connect', resolve).on('error', resolve));
  for (let index = 0; index < 100; index++) socket.write(Buffer.alloc(65536, index));
  const many = Array.from({ length: 200 }, () => net.connect('/relay/socket').on('error', () => {}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const each of many) each.write(Buffer.from([2, 0, 0, 0, 0]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return 'disturbed';
};
export const large = (file, size) => {
  fs.writeFileSync(file, '');
  fs.truncateSync(file, size);
  return fs.statSync(file).size;
};
export const childMemory = (bytes) =>
  new Promise((resolve) => {
    const code = 'const b = Buffer.alloc(' + bytes + ', 1); setTimeout(() => process.exit(b[7]), 500)';
    spawn(process.execPath, ['-e', code], { stdio: 'ignore' }).on('exit', (exit) => resolve(exit));
  });
`;

const built = builtHost();
const root = process.cwd();

/** A process that an attack may try to find, or to end. */
function victim(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ...args], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function listening(options: ListenOptions): Promise<AddressInfo | string | null> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('welcome');
  });
  onTestFinished(() => void server.close());
  server.listen(options);
  await once(server, 'listening');
  return server.address();
}

inNamespaces('without walls an attack succeeds, and in a namespace it does not:', () => {
  async function both(): Promise<{ open: Attack; walled: Attack }> {
    const open = await attacker(built.file, PROGRAM, { walled: false });
    const walled = await attacker(built.file, PROGRAM, { walled: true });
    return { open, walled };
  }
  type Attack = Awaited<ReturnType<typeof attacker>>;

  test.each([
    ['a suite', 'ENOENT', join(root, 'exercises', '01-http-server', 'hidden', 'core.suite.ts')],
    ['a solution', 'ENOENT', join(root, 'solutions', '01-http-server', 'README.md')],
    ['what the workbook is made of', 'ENOENT', join(root, 'package.json')],
    // A file of users is there, with nobody of this machine in it.
    ['the users of the machine', 'workbook:x:1000:1000::/:/bin/sh\n', '/etc/passwd'],
    ['the environment of the harness', 'ENOENT', `/proc/${process.pid}/environ`],
  ])('it reads %s (inside: %j)', async (_, inside, file) => {
    const { open, walled } = await both();
    expect(await open.run('read', file)).toBe(readFileSync(file, 'utf8'));
    expect(await walled.run('read', file)).toBe(inside);
  });

  test('it reads the environment of what it can see: nothing stands there but what shells add', async () => {
    const walled = await attacker(built.file, PROGRAM, { walled: true, env: { TZ: 'UTC' } });
    const names = (await walled.run('environments')) as string[];
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !['TZ', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))).toEqual([]);
  });

  test('it looks around in folders', async () => {
    const { open, walled } = await both();
    const exercises = join(root, 'exercises');
    expect(await open.run('list', exercises)).toContain('01-http-server');
    expect(await walled.run('list', exercises)).toBe('ENOENT');
    // What leads to a file that is shown is there, and empty but for that.
    expect(await open.run('list', root)).toContain('solutions');
    expect(await walled.run('list', root)).toEqual(['.workbook']);
    expect(await walled.run('list', homedir())).toSatisfy(
      (seen) => seen === 'ENOENT' || [seen].flat().length <= 1,
    );
  });

  test('it writes outside of its folder', async () => {
    const { open, walled } = await both();
    const file = join(folderOutside(), 'found');
    expect(await open.run('write', file, 'x')).toBe('written');
    rmSync(file);
    expect(await walled.run('write', file, 'x')).toMatch(/^(ENOENT|EROFS)$/);
    for (const place of ['/found', '/tmp/found', '/dev/shm/found', '/etc/hosts', built.file]) {
      expect(await walled.run('write', place, 'x')).toMatch(/^(EROFS|ENOENT|EACCES)$/);
    }
    expect(existsSync(file)).toBe(false);
    expect(existsSync('/tmp/found')).toBe(false);
    const own = join(walled.shared, 'own');
    expect(await walled.run('write', own, 'x')).toBe('written');
    expect(readFileSync(own, 'utf8')).toBe('x');
  });

  test('it sees other processes, and ends one', async () => {
    const { open, walled } = await both();
    const marked = victim('marked-by-the-test');
    await once(marked, 'spawn');
    const sees = async (attack: Attack) =>
      String(await attack.run('commands')).includes('marked-by-the-test');
    await eventually(() => sees(open));
    expect(await sees(open)).toBe(true);
    expect(await sees(walled)).toBe(false);
    expect(await walled.run('kill', marked.pid)).toBe('ESRCH');
    expect(await walled.run('kill', process.pid)).toBe('ESRCH');
    const gone = once(marked, 'exit');
    expect(await open.run('kill', marked.pid)).toBe('killed');
    expect((await gone)[1]).toBe('SIGKILL');
  });

  test.each<[string, (folder: string) => ListenOptions]>([
    ['over TCP', () => ({ host: '127.0.0.1', port: 0 })],
    ['over TCP and IPv6', () => ({ host: '::1', port: 0 })],
    ['over a unix socket', (folder) => ({ path: join(folder, 'socket') })],
    ['over an abstract unix socket', () => ({ path: `\0workbook-test-${process.pid}` })],
  ])('it connects to a server outside %s', async (_, place) => {
    const { open, walled } = await both();
    const options = place(folderOutside());
    const address = await listening(options);
    const to = typeof address === 'object' && address !== null ? { ...options, port: address.port } : options;
    expect(await open.run('dial', to)).toBe('welcome');
    expect(await walled.run('dial', to)).toMatch(/^(ECONNREFUSED|ENOENT|ENETUNREACH|EADDRNOTAVAIL)$/);
  });

  test('it sends UDP, and it reaches other machines', async () => {
    const { open, walled } = await both();
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    let heard = 0;
    socket.on('message', () => heard++);
    await open.run('send', socket.address().port);
    await eventually(() => Promise.resolve(heard === 1));
    expect(heard).toBe(1);
    await walled.run('send', socket.address().port);
    await walled.run('list', '/');
    expect(heard).toBe(1);
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody is there, and here is not even a way to it.
    expect(await walled.run('dial', { host: '192.0.2.1', port: 80 })).toBe('ENETUNREACH');
  });

  test('it leaves a child behind that was forked twice', async () => {
    const { open, walled } = await both();
    for (const attack of [open, walled]) {
      const file = join(attack.shared, 'alive');
      expect(await attack.run('detach', file)).toBe('detached');
      await eventually(() => Promise.resolve(existsSync(file) && readFileSync(file, 'utf8') !== ''));
      await attack.host.kill();
      const written = (): string => readFileSync(file, 'utf8');
      const last = statSync(file).mtimeMs;
      const lives = await eventually(() => Promise.resolve(statSync(file).mtimeMs > last), 500);
      expect(lives).toBe(attack === open);
      if (attack === open) process.kill(Number(written().split(' ')[0]), 'SIGKILL');
    }
  });

  test('it starts processes without end', async () => {
    const { open, walled } = await both();
    const count = MOST_PROCESSES + 40;
    expect(await open.run('fork', count)).toBe(count);
    expect(await walled.run('fork', count)).toBe(
      `it started more than ${MOST_PROCESSES} processes, and was ended`,
    );
  });

  test('it fills the disk with files', async () => {
    const { open, walled } = await both();
    const count = FOLDER_LIMITS.files + 500;
    expect(await open.run('litter', open.shared, count)).toBe(count);
    expect(await walled.run('litter', walled.shared, count)).toBe(
      `it made more than ${FOLDER_LIMITS.files} files, and was ended`,
    );
  });

  test('it makes folders so deep that no path reaches their end', async () => {
    const scratch = new Scratch();
    const inside = await attacker(built.file, PROGRAM, { walled: true, shared: scratch });
    expect(await inside.run('deep', inside.shared)).toMatch(/^(deep|it made folders)/);
    await inside.host.kill();
    scratch.remove();
    expect(existsSync(scratch.folder)).toBe(false);
  });

  test('it disturbs the relay', async () => {
    const { walled } = await both();
    expect(await walled.run('disturb')).toBe('disturbed');
    expect(walled.host.dead).toBeNull();
    expect(await walled.run('list', walled.shared)).toEqual([]);
  });

  test('it fills the disk with one file', async () => {
    const { open, walled } = await both();
    const size = 300 * 2 ** 20;
    expect(await open.run('large', join(open.shared, 'large'), size)).toBe(size);
    expect(await walled.run('large', join(walled.shared, 'large'), size)).not.toBe(size);
    expect(statSync(join(walled.shared, 'large')).size).toBe(0);
  });

  test('it lets a child take the memory', async () => {
    const memory = 200 * 2 ** 20;
    const open = await attacker(built.file, PROGRAM, { walled: false, memory });
    const walled = await attacker(built.file, PROGRAM, { walled: true, memory });
    expect(await open.run('childMemory', 400 * 2 ** 20)).toBe(1);
    expect(await walled.run('childMemory', 400 * 2 ** 20)).toBe('it used more than 200 MB of memory');
  });
});
