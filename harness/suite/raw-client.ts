import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Exchange } from '../verdict/verdict.ts';
import { Answer } from './answer.ts';
import { ANSWER_LIMIT } from './client.ts';
import type { NoAnswer } from './client.ts';
import type { Passage } from './gate.ts';
import { readAnswer } from './http-message.ts';
import { cut } from './show.ts';

/** How long bytes are pushed at a server that does not take them, in milliseconds. */
const WRITE_WITHIN = 1_000;

/**
 * One TCP connection on which the bytes are ours: for split and broken messages, held-open uploads, connections that are
 * kept or cut. Nothing is normalised, nothing added.
 */
export class RawConnection {
  private readonly socket: Socket;
  private readonly passage: Passage | null;
  private received = Buffer.alloc(0);
  private ended = false;
  private failure: string | null = null;
  private tooMuch = false;
  private sentText = '';
  private wake: () => void = () => {};

  private constructor(socket: Socket, passage: Passage | null) {
    this.socket = socket;
    this.passage = passage;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      if (this.received.length + chunk.length <= 2 * ANSWER_LIMIT)
        this.received = Buffer.concat([this.received, chunk]);
      else this.stopReading();
      this.wake();
    });
    socket.on('end', () => this.stop(null));
    socket.on('close', () => this.stop(null));
    socket.on('error', (error) => this.stop(error.message));
  }

  /** `passage`: its way through the gate of a trial. */
  static open(port: number, passage: Passage | null = null): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket, passage));
      });
      socket.once('error', reject);
    });
  }

  /**
   * Sends bytes and waits until the system has taken them, a second at most: a server that no longer reads is no error
   * here.
   */
  async write(bytes: string | Buffer): Promise<void> {
    this.sentText += typeof bytes === 'string' ? bytes : bytes.toString('utf8');
    const held = this.passage?.depart(Buffer.from(bytes as string), this.exchange()) ?? null;
    if (held !== null) await held;
    return await new Promise((resolve) => {
      if (this.socket.destroyed || this.socket.writableEnded) return resolve();
      const timer = setTimeout(resolve, WRITE_WITHIN);
      this.socket.write(bytes, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The next answer. `within`: milliseconds. */
  async read(within: number, options: { head?: boolean } = {}): Promise<Answer | NoAnswer> {
    const deadline = Date.now() + within;
    for (;;) {
      if (this.tooMuch) return this.nothing('an answer larger than 1 MiB', false);
      const state = readAnswer(this.received, options.head ?? false, this.ended);
      if (state.kind === 'complete') {
        this.received = state.answer.rest as Buffer<ArrayBuffer>;
        return new Answer(state.answer.status, state.answer.headers, state.answer.body, this.exchange());
      }
      if (state.kind === 'broken') return this.nothing(state.why, false);
      if (!(await this.more(deadline - Date.now())))
        return this.nothing(`no answer within ${within / 1000} seconds`, true);
    }
  }

  /** Says that no more bytes come, and keeps on reading. */
  end(): void {
    this.socket.end();
  }

  /** Drops the connection without a word, as a client that lost its network does. */
  abort(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }

  private stopReading(): void {
    this.tooMuch = true;
    this.socket.destroy();
  }

  private stop(failure: string | null): void {
    this.ended = true;
    this.failure ??= failure;
    this.wake();
  }

  /** Waits for more bytes or the end; false when the time is over. */
  private more(within: number): Promise<boolean> {
    if (within <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), within);
      this.wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  private nothing(why: string, hung: boolean): NoAnswer {
    return {
      kind: 'no-answer',
      why: this.failure === null ? why : `${why} (${this.failure})`,
      hung,
      exchange: this.exchange(),
    };
  }

  private exchange(): Exchange {
    const [method = '', target = ''] = this.sentText.split('\r\n', 1)[0]?.split(' ') ?? [];
    const raw = cut(written(this.sentText), 500);
    const exchange: Exchange = { method, target, headers: [], body: null, raw };
    this.passage?.names(exchange);
    return exchange;
  }
}

/** Control characters as they are written in code, so that a learner sees where a line ends. */
function written(text: string): string {
  return JSON.stringify(text.slice(0, 2000)).slice(1, -1).replaceAll('\\"', '"');
}
