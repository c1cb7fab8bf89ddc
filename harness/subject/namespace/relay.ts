import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join as joinPath } from 'node:path';
import { RELAY_SOCKET } from '../../message/launcher.ts';
import { join, KIND, Link } from '../../message/link.ts';
import { Scratch } from '../scratch.ts';

/** How many connections and waiting links one namespace may have with this process. */
const MOST_LINKS = 1_000;

/** A path of a unix socket has to fit into 108 bytes (man 7 unix, sun_path), with a zero at its end. */
const LONGEST_PATH = 107;

/**
 * The outer half of the way into one namespace: ports of this machine that lead to ports inside, over links that the
 * launcher inside offers on a unix socket. The inside can open nothing here but the way to one Redis, while there is one.
 */
export class Relay {
  /** The port of this machine that the program may reach as Redis; null: none. */
  redis: number | null = null;
  private readonly scratch = new Scratch();
  private readonly socket: Server;
  private readonly links = new Set<Socket>();
  private readonly idle: Link[] = [];
  /** Who is connected and has no link yet. */
  private readonly waiting: { client: Socket; inside: number }[] = [];
  /** By port inside. */
  private readonly ports = new Map<number, Promise<Server>>();
  private closed = false;

  constructor() {
    const path = joinPath(this.scratch.folder, RELAY_SOCKET);
    if (Buffer.byteLength(path) > LONGEST_PATH) {
      this.scratch.remove();
      throw new Error(
        `${path} is too long for a socket. Let TMPDIR name a shorter folder: export TMPDIR=/tmp`,
      );
    }
    this.socket = createServer({ allowHalfOpen: true }, (socket) => this.greet(socket));
    this.socket.on('error', () => this.close());
    this.socket.listen(path);
  }

  /** The folder that the launcher has to see. */
  get folder(): string {
    return this.scratch.folder;
  }

  /** The port of this machine that leads to that port inside: the same one where it is free. */
  async open(port: number): Promise<number> {
    const known = this.ports.get(port);
    const opening = known ?? this.listen(port).catch(() => this.listen(port, 0));
    this.ports.set(port, opening);
    return ((await opening).address() as AddressInfo | null)?.port ?? port;
  }

  /** Nobody listens any more on the port that leads to this one inside. Connections that are there go on. */
  async shut(port: number): Promise<void> {
    const opening = this.ports.get(port);
    this.ports.delete(port);
    (await opening)?.close();
  }

  /** The namespace is gone. What it still sent is delivered. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.close();
    for (const opening of this.ports.values()) void opening.then((server) => server.close());
    for (const link of this.idle) link.destroy();
    for (const { client } of this.waiting.splice(0)) client.destroy();
    this.scratch.remove();
  }

  private listen(inside: number, port = inside): Promise<Server> {
    return new Promise((resolve, reject) => {
      const options = { allowHalfOpen: true, pauseOnConnect: true };
      const server = createServer(options, (client) => this.lead(client, inside));
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        if (this.closed) server.close();
        resolve(server);
      });
    });
  }

  private lead(client: Socket, inside: number): void {
    client.on('error', () => {});
    if (this.closed) return void client.destroy();
    this.waiting.push({ client, inside });
    this.match();
  }

  /** Gives links to those who wait for one, in their order. Who went away meanwhile needs none. */
  private match(): void {
    while (this.waiting.length > 0 && this.idle.length > 0) {
      const { client, inside } = this.waiting.shift() as { client: Socket; inside: number };
      if (client.destroyed) continue;
      const link = this.idle.shift() as Link;
      const port = Buffer.allocUnsafe(2);
      port.writeUInt16BE(inside);
      link.send(KIND.open, port);
      join(client, link);
    }
  }

  /** A link from inside says first what it is for. */
  private greet(socket: Socket): void {
    if (this.links.size >= MOST_LINKS) return void socket.destroy();
    this.links.add(socket);
    const link = new Link(socket);
    socket.on('close', () => this.links.delete(socket));
    link.onFrame = (kind) => {
      link.onFrame = () => link.destroy();
      if (kind === KIND.idle) this.keep(link);
      else if (kind === KIND.redis && this.redis !== null) {
        join(connect({ host: '127.0.0.1', port: this.redis, allowHalfOpen: true }), link);
      } else link.destroy();
    };
  }

  private keep(link: Link): void {
    this.idle.push(link);
    link.onClose = () => {
      const index = this.idle.indexOf(link);
      if (index !== -1) this.idle.splice(index, 1);
    };
    this.match();
  }
}
