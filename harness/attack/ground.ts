import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, ListenOptions, Server } from 'node:net';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readEditable } from '../catalog/editable.ts';
import { compile } from '../compile/compile.ts';
import { EXERCISE } from '../check/corpus/subject.ts';
import { CorpusWorkbook } from '../check/corpus/workbook.ts';
import { atExit } from '../subject/exit.ts';

/** Where an attack finds what it may want: handed to it as `place.ts`, so that it need not search. */
export type Place = {
  token: string;
  /** A file that nobody but an escaped program would make. */
  marker: string;
  /** The workbook that judges, a copy. */
  root: string;
  secretFile: string;
  /** A process of ours that has the secret in its environment. */
  victim: number;
  judge: number;
  /** Ports and a socket at which we listen. */
  tcp: number;
  tcp6: number;
  udp: number;
  unix: string;
  /** The port of a server that does what the exercise asks for: the reference solution. */
  right: number;
};

/** What a judge's own variables are called here. */
export const SECRET_NAME = 'ATTACK_SECRET';

/**
 * What is around the judge while attacks run: a secret in a file, in our own environment and in that of a process, and
 * servers. All of it could be reached by a program that gets out, and all of it tells when that happens.
 */
export class Ground {
  readonly book: CorpusWorkbook;
  readonly secret = `nightingale-${randomUUID()}`;
  private readonly outside: string;
  private readonly servers: Server[] = [];
  private readonly udp = createSocket('udp4');
  private readonly heard: string[] = [];
  /** By token: numbers of processes are given out again, and a later process must not be taken for an earlier one. */
  private readonly victims = new Map<string, ChildProcess>();
  private before: ReadonlyMap<string, string>;
  private readonly forget = atExit(() => this.clear());
  private ports = { tcp: 0, tcp6: 0, udp: 0, right: 0 };

  private constructor() {
    this.book = new CorpusWorkbook();
    this.outside = join(this.book.root, '..', 'outside');
    mkdirSync(this.outside);
    writeFileSync(this.secretFile, this.secret);
    process.env[SECRET_NAME] = this.secret;
    this.before = digests(this.book.root);
  }

  static async open(): Promise<Ground> {
    const ground = new Ground();
    ground.ports = {
      tcp: await ground.listen({ host: '127.0.0.1', port: 0 }),
      tcp6: await ground.listen({ host: '::1', port: 0 }).catch(() => 0),
      udp: await ground.listenUdp(),
      right: await ground.listenRight(),
    };
    await ground.listen({ path: ground.unix });
    return ground;
  }

  get secretFile(): string {
    return join(this.outside, 'secret.txt');
  }

  private get unix(): string {
    return join(this.outside, 'socket');
  }

  marker(token: string): string {
    return join(this.outside, `marker-${token}`);
  }

  /** What one attack is told. A process that it may try to end is started for it alone. */
  placeFor(label: string): Place {
    const { root } = this.book;
    // The same attack is tried more than once: what one try did must not be told of another.
    const token = `${label}-${randomUUID().slice(0, 8)}`;
    return {
      token,
      marker: this.marker(token),
      root,
      secretFile: this.secretFile,
      victim: this.startVictim(token),
      judge: process.pid,
      ...this.ports,
      unix: this.unix,
    };
  }

  /** What got out by this attack; empty: nothing did. */
  escapesOf({ token }: Place): string[] {
    const out: string[] = [];
    if (existsSync(this.marker(token))) out.push('it wrote a file outside of its folder');
    if (this.heard.some((text) => text.includes(token))) out.push('it reached a server outside');
    const victim = this.victims.get(token);
    if (victim !== undefined && (victim.exitCode !== null || victim.signalCode !== null)) {
      out.push('it ended a process of somebody else');
    }
    victim?.kill('SIGKILL');
    this.victims.delete(token);
    return out;
  }

  /** Takes the workbook as it is now for what it should be, and clears the temp folder: attacks without walls have written there. */
  noteBook(): void {
    this.before = digests(this.book.root);
    for (const name of this.book.leftovers()) {
      rmSync(join(this.book.temp, name), { recursive: true, force: true });
    }
  }

  /** Files of the workbook that are others now than they should be, by path. */
  changedFiles(): string[] {
    const now = digests(this.book.root);
    const all = new Set([...this.before.keys(), ...now.keys()]);
    return [...all].filter((path) => this.before.get(path) !== now.get(path));
  }

  close(): void {
    delete process.env[SECRET_NAME];
    for (const server of this.servers) server.close();
    this.udp.close();
    this.clear();
    this.forget();
  }

  /** What would stay on the machine after this process. */
  private clear(): void {
    for (const victim of this.victims.values()) victim.kill('SIGKILL');
    rmSync(this.outside, { recursive: true, force: true });
    this.book.remove();
  }

  private startVictim(token: string): number {
    const code = 'setInterval(() => {}, 1000)';
    const env = { [SECRET_NAME]: this.secret };
    const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore', env });
    this.victims.set(token, child);
    return child.pid ?? 0;
  }

  private async listen(options: ListenOptions): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => this.heard.push(chunk.toString('latin1')));
    });
    this.servers.push(server);
    server.listen(options);
    await once(server, 'listening');
    const address: AddressInfo | string | null = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** The reference solution, and beside it what the small program of plain Vitest should answer: `/double?n=2`. */
  private async listenRight(): Promise<number> {
    const folder = join(this.book.root, 'solutions', EXERCISE);
    const read = await readEditable(folder, ['src/**/*.ts']);
    if (!read.ok) throw new Error(read.problem.message);
    const { files } = read;
    const compiled = await compile({ files, entry: 'src/server.ts', packages: [], modules: null, folder });
    if (!compiled.ok) throw new Error(compiled.message);
    const module = join(this.outside, 'right.mjs');
    // It tells its owner of errors that clients do not see; here nobody wants to know.
    writeFileSync(module, `const console = { error() {} };\n${compiled.text}`);
    const { createServer: createRight } = (await import(pathToFileURL(module).href)) as {
      createServer: (given: object) => HttpServer;
    };
    const clock = { now: () => 0, sleep: () => Promise.resolve() };
    const right = createRight({ filesDir: this.outside, clock });
    const server = createHttpServer((request, response) => {
      const doubled = /^\/double\?n=(\d+)$/.exec(request.url ?? '')?.[1];
      if (doubled === undefined) right.emit('request', request, response);
      else response.end(String(Number(doubled) * 2));
    });
    this.servers.push(server);
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  private async listenUdp(): Promise<number> {
    this.udp.on('message', (message) => this.heard.push(message.toString('latin1')));
    this.udp.bind(0, '127.0.0.1');
    await once(this.udp, 'listening');
    return this.udp.address().port;
  }
}

/** What the workbook itself keeps there: links to what hosts are given, and what Vitest notes of its runs. */
const OURS = /^\.workbook[\\/](?:packages|vite)(?:$|[\\/])/;

function digests(root: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(root, file);
    if (entry.isFile() && !OURS.test(path)) {
      out.set(path, createHash('sha256').update(readFileSync(file)).digest('hex'));
    }
  }
  return out;
}
