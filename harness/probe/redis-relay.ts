import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { RedisFault } from './redis-messages.ts';

/** What no Redis says. */
const GARBAGE = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/** How often a port is asked for again that somebody else took while Redis was down. */
const TRIES = 50;

type Pair = { client: Socket; upstream: Socket };

/** The port that a program knows as Redis: it joins the program to the engine, or plays a fault. */
export class RedisRelay {
  port = 0;
  private readonly connect: () => Socket;
  private readonly pairs = new Set<Pair>();
  private server: Server | null = null;
  private fault: RedisFault = 'none';

  /** `connect`: opens a connection to the real thing. */
  constructor(connect: () => Socket) {
    this.connect = connect;
  }

  async listen(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const server = createServer((client) => this.join(client));
      server.listen(this.port, '127.0.0.1');
      try {
        await once(server, 'listening');
        this.server = server;
        this.port = (server.address() as AddressInfo).port;
        return;
      } catch (error) {
        if (tries === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async play(fault: RedisFault): Promise<void> {
    this.fault = fault;
    if (fault === 'down') return this.close();
    if (this.server === null) await this.listen();
    for (const { client, upstream } of this.pairs) {
      for (const socket of [client, upstream]) {
        if (fault === 'hang') socket.pause();
        else socket.resume();
      }
    }
  }

  /** Ends all connections; nobody listens any more. */
  close(): void {
    this.server?.close();
    this.server = null;
    for (const { client, upstream } of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  private join(client: Socket): void {
    const upstream = this.connect();
    const pair = { client, upstream };
    this.pairs.add(pair);
    if (this.fault === 'hang') {
      client.pause();
      upstream.pause();
    }
    client.on('data', (chunk) => {
      if (this.fault === 'garbage') client.write(GARBAGE);
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (this.fault !== 'garbage') client.write(chunk);
    });
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', end).on('close', end);
  }
}
