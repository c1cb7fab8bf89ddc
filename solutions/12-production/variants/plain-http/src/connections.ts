import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Every connection of a server, with the answers that are due on it. */
export class Connections {
  private readonly due = new Map<Socket, Set<ServerResponse>>();
  private readonly server: Server;
  private ending = false;

  constructor(server: Server) {
    this.server = server;
    server.on('connection', (socket: Socket) => {
      this.due.set(socket, new Set());
      socket.once('close', () => this.due.delete(socket));
    });
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.due.get(request.socket)?.add(response);
      if (this.ending) response.setHeader('connection', 'close');
      response.once('close', () => {
        this.due.get(request.socket)?.delete(response);
        if (this.ending) this.hangUp(request.socket);
      });
    });
  }

  /** Resolves when every answer is out and every connection is gone. */
  end(): Promise<void> {
    this.ending = true;
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const responses of this.due.values()) {
        for (const response of responses)
          if (!response.headersSent) response.setHeader('connection', 'close');
      }
      // What has arrived but was not read yet comes first.
      setImmediate(() => setImmediate(() => [...this.due.keys()].forEach((socket) => this.hangUp(socket))));
    });
  }

  private hangUp(socket: Socket): void {
    if (this.due.get(socket)?.size === 0) socket.destroySoon();
  }
}
