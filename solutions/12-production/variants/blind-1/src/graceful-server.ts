import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';

/** Bytes that arrived just before the end are read within this time. */
const LAST_READ_MS = 100;

/** An HTTP server that knows which of its connections have a request under way. */
export class GracefulServer {
  readonly #server: Server = createServer();
  readonly #open = new Map<Socket, Set<ServerResponse>>();
  #closing = false;
  #swept = false;
  #whenIdle: () => void = () => {};

  constructor(listener: RequestListener) {
    this.#server.on('connection', (socket: Socket) => {
      this.#open.set(socket, new Set());
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#settle();
      });
    });
    this.#server.on('request', (request, response) => this.#began(request, response));
    this.#server.on('request', listener);
  }

  /** Resolves with the number of the port. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more connections, and resolves when no request is under way. */
  async close(): Promise<void> {
    // Connections that the system has made already are taken first.
    await new Promise((resolve) => setImmediate(resolve));
    this.#closing = true;
    // http.Server's own close() would cut connections whose request has arrived and is not read yet.
    NetServer.prototype.close.call(this.#server);
    for (const responses of this.#open.values()) announceEnd(responses);
    await new Promise((resolve) => setTimeout(resolve, LAST_READ_MS));
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    this.#swept = true;
    for (const [socket, responses] of this.#open) if (responses.size === 0) socket.destroy();
    this.#settle();
    await idle;
  }

  #began(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const responses = this.#open.get(socket) ?? new Set<ServerResponse>();
    this.#open.set(socket, responses);
    responses.add(response);
    if (this.#closing) announceEnd(responses);
    response.once('close', () => {
      responses.delete(response);
      if (this.#closing && responses.size === 0) socket.destroySoon();
      this.#settle();
    });
  }

  #settle(): void {
    if (!this.#swept) return;
    if ([...this.#open.values()].every((responses) => responses.size === 0)) this.#whenIdle();
  }
}

/** The last answer of a connection says that nothing comes after it; those before it must not. */
function announceEnd(responses: Set<ServerResponse>): void {
  const all = [...responses];
  for (const [place, response] of all.entries()) {
    if (response.headersSent) continue;
    if (place === all.length - 1) response.setHeader('Connection', 'close');
    else response.removeHeader('Connection');
  }
}
