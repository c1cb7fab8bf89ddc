import type { Socket } from 'node:net';

/**
 * What goes over a link, one connection of the relay between the trusted side and the inside of a namespace. `idle`: the
 * inside offers the link for a connection to come. `open`: it is for a connection to that port (two bytes). `redis`: it
 * joins the program to the suite's Redis. Then both sides carry what happens to their TCP connection: `data`, `end` (no
 * more bytes from here), `reset`.
 */
export const KIND = { idle: 0, open: 1, redis: 2, data: 3, end: 4, reset: 5 } as const;

export type LinkKind = (typeof KIND)[keyof typeof KIND];

/** One byte of kind, four of length (big endian), then the body. */
const HEADER = 5;

/** No chunk that Node.js reads from a socket is larger than this, in bytes. */
const BODY_LIMIT = 1 << 20;

/** One link, seen from either side. Whoever sends what is no frame is cut off. */
export class Link {
  onFrame: (kind: number, body: Buffer) => void = () => {};
  onDrain: () => void = () => {};
  onClose: () => void = () => {};
  private readonly socket: Socket;
  private waiting = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('drain', () => this.onDrain());
    socket.on('error', () => {});
    socket.on('close', () => this.onClose());
  }

  /** False: the other side is behind, `onDrain` tells when it is not. */
  send(kind: LinkKind, body: Buffer = NOTHING): boolean {
    if (this.socket.destroyed || this.socket.writableEnded) return true;
    const header = Buffer.allocUnsafe(HEADER);
    header.writeUInt8(kind, 0);
    header.writeUInt32BE(body.length, 1);
    this.socket.cork();
    this.socket.write(header);
    const free = this.socket.write(body);
    this.socket.uncork();
    return free;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Ends the link when all is sent. */
  end(): void {
    this.socket.end();
    // What still comes is of no use to anybody.
    this.onFrame = () => {};
    this.socket.resume();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    let rest = this.waiting.length === 0 ? chunk : Buffer.concat([this.waiting, chunk]);
    while (rest.length >= HEADER) {
      const length = rest.readUInt32BE(1);
      if (length > BODY_LIMIT) return this.destroy();
      if (rest.length < HEADER + length) break;
      const kind = rest.readUInt8(0);
      const body = rest.subarray(HEADER, HEADER + length);
      rest = rest.subarray(HEADER + length);
      this.onFrame(kind, body);
      if (this.socket.destroyed) return;
    }
    this.waiting = rest as Buffer<ArrayBuffer>;
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * Joins a TCP connection to a link: bytes, ends of either direction and resets pass through, and who does not read holds up
 * who writes. `tcp` was made with `allowHalfOpen`.
 */
export function join(tcp: Socket, link: Link): void {
  let heardEnd = false;
  let isOver = false;
  tcp.setNoDelay(true);
  tcp.on('data', (chunk: Buffer) => {
    if (!link.send(KIND.data, chunk)) tcp.pause();
  });
  link.onDrain = () => void tcp.resume();
  tcp.on('drain', () => link.resume());
  tcp.on('end', () => void link.send(KIND.end));
  tcp.on('error', () => {});
  tcp.on('close', (failed: boolean) => {
    if (isOver) return;
    isOver = true;
    if (failed) link.send(KIND.reset);
    link.end();
  });
  link.onFrame = (kind, body) => {
    if (kind === KIND.data) {
      if (!tcp.write(body)) link.pause();
    } else if (kind === KIND.end) {
      heardEnd = true;
      tcp.end();
    } else {
      isOver = true;
      tcp.resetAndDestroy();
      link.destroy();
    }
  };
  link.onClose = () => {
    if (!heardEnd) tcp.destroy();
    isOver = true;
  };
  tcp.resume();
}
