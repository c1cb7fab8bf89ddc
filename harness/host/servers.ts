import { createServer, Server } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostResult, Shape } from '../message/host.ts';

/** What a call returned and stays in the host: servers, and Express apps (functions), which get a server around them. */
export class Servers {
  private readonly values = new Map<string, unknown>();

  keep(handle: string, value: unknown): void {
    this.values.set(handle, value);
  }

  kept(handle: string): unknown {
    return this.values.get(handle);
  }

  /** Listens on a free port of the loopback; a server that listens already keeps its port. */
  async listen(handle: string): Promise<HostResult> {
    const value = this.values.get(handle);
    const server = typeof value === 'function' ? createServer(value as RequestListener) : value;
    if (!(server instanceof Server)) return { kind: 'cannot', why: 'it is not an HTTP server' };
    this.values.set(handle, server);
    if (!server.listening) await listening(server);
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string')
      return { kind: 'cannot', why: 'it listens on no port' };
    return { kind: 'port', port: address.port };
  }

  /** Ends a server and all its connections. */
  close(handle: string): HostResult {
    const server = this.values.get(handle);
    this.values.delete(handle);
    if (server instanceof Server) {
      server.close();
      server.closeAllConnections();
    }
    return { kind: 'done' };
  }

  connections(handle: string): Promise<HostResult> {
    const server = this.values.get(handle);
    if (!(server instanceof Server))
      return Promise.resolve({ kind: 'cannot', why: 'it is not an HTTP server' });
    return new Promise((resolve, reject) => {
      server.getConnections((error, count) => (error ? reject(error) : resolve({ kind: 'count', count })));
    });
  }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What a value that stays here looks like from outside. */
export function shapeOf(value: unknown): Shape {
  const server = value instanceof Server;
  const named = typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : null;
  return {
    type: value === null ? 'null' : (named ?? typeof value),
    server,
    callable: typeof value === 'function',
    listening: server && value.listening,
  };
}
