import type { IncomingMessage } from 'node:http';

export interface BodyListener {
  onBody(bytes: Buffer): void;
  onTooLarge(): void;
}

type State = 'reading' | 'done' | 'discarding' | 'gone';

/** Collects the bytes of a body up to a limit. Decoding is for later: a piece may end inside a character. */
export class BodyReader {
  /** After "too large" the rest is thrown away, so that the client can read the answer. But not for ever. */
  private static readonly DISCARD_LIMIT = 10 * 1024 * 1024;

  private readonly request: IncomingMessage;
  private readonly limit: number;
  private readonly listener: BodyListener;
  private state: State = 'reading';
  private chunks: Buffer[] = [];
  private received = 0;

  constructor(request: IncomingMessage, limit: number, listener: BodyListener) {
    this.request = request;
    this.limit = limit;
    this.listener = listener;
  }

  start(): void {
    this.request.on('data', (chunk: Buffer) => this.onData(chunk));
    this.request.on('end', () => this.onEnd());
    this.request.on('error', () => this.onGone());
    this.request.on('close', () => this.onGone());
    if (Number(this.request.headers['content-length']) > this.limit) {
      this.tooLarge();
    }
  }

  private onData(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.state === 'reading') {
      if (this.received > this.limit) {
        this.tooLarge();
      } else {
        this.chunks.push(chunk);
      }
    } else if (this.state === 'discarding' && this.received > BodyReader.DISCARD_LIMIT) {
      this.state = 'gone';
      this.request.socket.destroy();
    }
  }

  private onEnd(): void {
    if (this.state === 'reading') {
      this.state = 'done';
      const body = Buffer.concat(this.chunks);
      this.chunks = [];
      this.listener.onBody(body);
    }
  }

  /** The client gave up, or everything is over: there is nobody to answer. */
  private onGone(): void {
    if (this.state !== 'done') {
      this.state = 'gone';
    }
    this.chunks = [];
  }

  private tooLarge(): void {
    this.state = 'discarding';
    this.chunks = [];
    this.listener.onTooLarge();
  }
}
