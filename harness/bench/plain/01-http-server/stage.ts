import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer } from '../../../../solutions/01-http-server/src/server.ts';

/** Lies beside the served folder. No answer may ever contain it. */
export const SECRET = 'not for clients: lies outside the folder';

/** A clock that the test moves. */
export class FakeClock {
  time = Date.UTC(2031, 4, 17, 9, 30);
  private sleepers: { due: number; wake: () => void }[] = [];

  now = (): number => this.time;

  sleep = (ms: number): Promise<void> =>
    new Promise((wake) => this.sleepers.push({ due: this.time + ms, wake }));

  get waiting(): number {
    return this.sleepers.length;
  }

  advance(ms: number): void {
    this.time += ms;
    const due = this.sleepers.filter((sleeper) => sleeper.due <= this.time);
    this.sleepers = this.sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }
}

export type Stage = { server: Server; port: number; clock: FakeClock; close(): Promise<void> };

/** A listening server on a folder of two files, with a secret next door. */
export async function openServer(files: Record<string, string | Buffer> = {}): Promise<Stage> {
  const base = await mkdtemp(join(tmpdir(), 'plain-'));
  const tree: Record<string, string | Buffer> = {
    'public/hello.txt': 'Hello, file!',
    'secret.txt': SECRET,
    'public-drafts/draft.txt': SECRET,
  };
  for (const [name, content] of Object.entries(files)) tree[`public/${name}`] = content;
  for (const [name, content] of Object.entries(tree)) {
    await mkdir(dirname(join(base, name)), { recursive: true });
    await writeFile(join(base, name), content);
  }
  const clock = new FakeClock();
  const server = createServer({ filesDir: join(base, 'public'), clock });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    server,
    clock,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(base, { recursive: true, force: true });
    },
  };
}

export type Answer = { status: number; type: string; body: Buffer };

/** One request whose path is sent as it is: supertest would tidy `..` away. */
export function send(port: number, method: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: (response.headers['content-type'] ?? '').split(';')[0] ?? '',
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

/** One TCP connection on which the test writes the bytes itself. Answers are read by their Content-Length. */
export class Connection {
  private received = Buffer.alloc(0);
  private wake: () => void = () => {};
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake();
    });
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  write(bytes: string | Buffer): Promise<void> {
    return new Promise((done) => this.socket.write(bytes, () => done()));
  }

  async read(options: { head?: boolean } = {}): Promise<{ status: number; text: string }> {
    for (;;) {
      const end = this.received.indexOf('\r\n\r\n');
      const head = this.received.toString('latin1', 0, Math.max(end, 0));
      const length = options.head === true ? 0 : Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (end !== -1 && this.received.length >= end + 4 + length) {
        const text = this.received.toString('utf8', end + 4, end + 4 + length);
        this.received = this.received.subarray(end + 4 + length);
        return { status: Number(head.split(' ')[1]), text };
      }
      await new Promise<void>((done) => (this.wake = done));
    }
  }
}

/** The head of a raw POST of JSON to /echo. `length`: null for chunks. */
export function echoHead(length: number | null): string {
  const size = length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return `POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${size}\r\n\r\n`;
}

/** One chunk of a body in pieces. */
export function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
