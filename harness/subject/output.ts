import type { Readable } from 'node:stream';

/** What is kept of a host's stdout and stderr together, in bytes. More is read and thrown away, and that is said. */
export const OUTPUT_LIMIT = 64 * 1024;

/** Enough for the last words of V8, in bytes. */
const TAIL_LIMIT = 8 * 1024;

/** Takes bytes as they come: a stream, for example. */
export type Sink = { write(chunk: Buffer): unknown };

/** What a program printed: both streams in the order in which they came, capped. */
export class Output {
  truncated = false;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private end = Buffer.alloc(0);
  private copyTo: Sink | null = null;

  /** Reads the streams to their end, so that a program that prints much never blocks on a full pipe. */
  watch(...streams: (Readable | null)[]): void {
    for (const stream of streams) {
      stream?.on('data', (chunk: Buffer) => this.add(chunk));
      stream?.on('error', () => {});
    }
  }

  /** Passes on what comes, as it comes (a debugger's address must be seen at once). */
  echo(to: Sink): void {
    this.copyTo = to;
  }

  add(chunk: Buffer): void {
    this.copyTo?.write(chunk);
    this.end = Buffer.concat([this.end, chunk]).subarray(-TAIL_LIMIT);
    const room = OUTPUT_LIMIT - this.size;
    if (chunk.length > room) this.truncated = true;
    if (room <= 0) return;
    const kept = chunk.subarray(0, room);
    this.chunks.push(kept);
    this.size += kept.length;
  }

  /** The last of what was printed, whatever was left out before: a dying runtime says there what it died of. */
  get tail(): string {
    return this.end.toString('utf8');
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}
