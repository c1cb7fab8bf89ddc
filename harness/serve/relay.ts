import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** How many ports after the wanted one are tried before the system picks one. */
const NEXT_PORTS = 20;

const LOOPBACK = '127.0.0.1';

export type RelayOpened =
  { ok: true; relay: Relay } | { ok: false; reason: 'forbidden' | 'other'; message: string };

/**
 * A port of the loopback that stays the same while programs come and go behind it: every connection is joined to the
 * program of the moment, byte by byte, and broken off as it breaks off. Without a program connections are closed.
 */
export class Relay {
  /** The program's own port; null: there is none. */
  private target: number | null = null;
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  private constructor(server: Server) {
    this.server = server;
    server.on('connection', (socket: Socket) => this.join(socket));
  }

  /** Listens on this port of the loopback, or on the next one that is free. */
  static async open(wanted: number): Promise<RelayOpened> {
    for (const port of candidates(wanted)) {
      const server = createServer({ allowHalfOpen: true });
      const error = await listening(server, port);
      if (error === null) return { ok: true, relay: new Relay(server) };
      if (error.code === 'EACCES' && port === wanted && wanted < 1024) {
        return { ok: false, reason: 'forbidden', message: error.message };
      }
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') {
        return { ok: false, reason: 'other', message: error.message };
      }
    }
    return { ok: false, reason: 'other', message: 'no port is free' };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on connections lead there. Those to the program before are dropped. */
  lead(target: number | null): void {
    this.drop();
    this.target = target;
  }

  close(): void {
    this.server.close();
    this.drop();
  }

  private drop(): void {
    for (const socket of this.open) socket.destroy();
    this.open.clear();
  }

  private join(client: Socket): void {
    if (this.target === null) {
      client.on('error', () => {});
      client.destroy();
      return;
    }
    const program = connect({ host: LOOPBACK, port: this.target, allowHalfOpen: true });
    for (const [one, other] of [
      [client, program],
      [program, client],
    ] as const) {
      this.open.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      // A connection that is cut, and not ended, is cut on the other side too.
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        this.open.delete(one);
        // What was ended in good order may still be on its way; all else is over.
        if (!one.readableEnded) other.destroy();
      });
    }
  }
}

function candidates(wanted: number): number[] {
  if (wanted === 0) return [0];
  const next = Array.from({ length: NEXT_PORTS }, (_, index) => wanted + index);
  return [...next.filter((port) => port < 65_536), 0];
}

function listening(server: Server, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}
