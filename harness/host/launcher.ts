import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import type { Server } from 'node:net';
import { join as joinPath } from 'node:path';
import { frame, FrameReader } from '../message/frame.ts';
import { LAUNCHER_LINE, RELAY_FOLDER, RELAY_SOCKET } from '../message/launcher.ts';
import type { LauncherEvent, LauncherRequest, LaunchOrder } from '../message/launcher.ts';
import { join, KIND, Link } from '../message/link.ts';

/**
 * The first process of ours inside a namespace. It starts the program (a host, or a program that is a whole process) and
 * tells how it ended; and it is the inner half of the relay: nothing outside can reach the program's ports, so it connects
 * to them from here and carries the bytes over links to the trusted side. It holds nothing that a program could gain by:
 * whatever it says, the program itself could have said.
 */
const order = JSON.parse(process.argv[2] ?? '') as LaunchOrder;

/** Links that wait for a connection, so that none has to wait for a link. */
const SPARE = 4;

/** How long the last bytes of a program that ended are carried out, in milliseconds. */
const DRAIN = 200;

const open = new Set<Socket>();
let redis: Server | null = null;

const line = new Socket({ fd: LAUNCHER_LINE, readable: true, writable: true });
const reader = new FrameReader();
line.on('error', () => process.exit());
line.on('close', () => process.exit());
line.on('data', (chunk: Buffer) => {
  const read = reader.push(chunk);
  if (read.kind === 'broken') process.exit();
  for (const text of read.texts) void perform(JSON.parse(text) as LauncherRequest);
});

if (order.redis !== null) await listenAsRedis(order.redis);
const child = spawn(order.command, [...order.args], {
  stdio: ['ignore', 'inherit', 'inherit', ...handedOver()],
  env: withoutUnderscore(),
});
// Only the program holds them: when it closes one, the trusted side must see it.
for (const descriptor of order.descriptors) closeSync(descriptor);
child.on('error', () => process.exit(127));
child.on('exit', (code, signal) => {
  tell({ event: 'exit', code, signal });
  void drained().then(() => process.exit());
});
for (let count = 0; count < SPARE; count++) offer();

async function perform(request: LauncherRequest): Promise<void> {
  if (request.op === 'signal') return void child.kill(request.signal);
  if (request.port === null) redis?.close();
  else await listenAsRedis(request.port);
  tell({ event: 'done', id: request.id });
}

/** Written at once: this process may end the next moment. */
function tell(event: LauncherEvent): void {
  const bytes = frame(JSON.stringify(event));
  try {
    writeSync(LAUNCHER_LINE, bytes);
  } catch {
    line.write(bytes);
  }
}

/** By descriptor: what lies between the usual three and the last of them is not handed over. */
function handedOver(): (number | 'ignore')[] {
  const last = Math.max(2, ...order.descriptors);
  return Array.from({ length: last - 2 }, (_, index) =>
    order.descriptors.includes(index + 3) ? index + 3 : 'ignore',
  );
}

/** The shell that set the limits leaves the path of Node.js in `_`. */
function withoutUnderscore(): NodeJS.ProcessEnv {
  const { _, ...env } = process.env;
  return env;
}

function dial(): Socket {
  return connect({ path: joinPath(RELAY_FOLDER, RELAY_SOCKET), allowHalfOpen: true });
}

/** Offers a link to the trusted side, and another one as soon as it is taken. */
function offer(): void {
  const link = new Link(dial());
  link.onFrame = (kind, body) => {
    if (kind !== KIND.open) return link.destroy();
    offer();
    carry(connect({ host: '127.0.0.1', port: body.readUInt16BE(0), allowHalfOpen: true }), link);
  };
  link.send(KIND.idle);
}

function carry(tcp: Socket, link: Link): void {
  open.add(tcp);
  join(tcp, link);
  tcp.on('close', () => open.delete(tcp));
}

/** A port of the loopback that leads to the suite's Redis. */
async function listenAsRedis(port: number): Promise<void> {
  redis?.close();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (tcp) => {
    const link = new Link(dial());
    link.send(KIND.redis);
    carry(tcp, link);
  });
  redis = server;
  await new Promise<void>((resolve) => {
    // Somebody took the port: then the program finds no Redis there, and has itself to thank for it.
    server.once('error', () => resolve());
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** What the program wrote before it ended is still under way to this process. */
async function drained(): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, DRAIN));
  const all = [...open].map((tcp) => new Promise<void>((resolve) => tcp.once('close', resolve)));
  await Promise.race([late, Promise.all(all)]);
}
