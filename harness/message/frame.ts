/** The largest message that either side accepts, in bytes. */
export const MESSAGE_LIMIT = 1 << 20;

const HEADER = 4;

/** One message as it travels: four bytes of length (big endian), then UTF-8 text. */
export function frame(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  const out = Buffer.allocUnsafe(HEADER + body.length);
  out.writeUInt32BE(body.length, 0);
  body.copy(out, HEADER);
  return out;
}

export type FrameRead = { kind: 'messages'; texts: string[] } | { kind: 'broken'; why: string };

/**
 * Puts messages together from a byte stream that may be cut anywhere. A length over the limit breaks the stream for
 * good: there is no way to find the next message behind garbage.
 */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private broken: string | null = null;

  push(chunk: Buffer): FrameRead {
    if (this.broken !== null) return { kind: 'broken', why: this.broken };
    this.chunks.push(chunk);
    this.size += chunk.length;
    const texts: string[] = [];
    while (this.size >= HEADER) {
      const length = this.peekLength();
      if (length > MESSAGE_LIMIT) {
        this.broken = `a message of ${length} bytes was announced; the limit is ${MESSAGE_LIMIT}`;
        this.chunks = [];
        return texts.length > 0 ? { kind: 'messages', texts } : { kind: 'broken', why: this.broken };
      }
      if (this.size < HEADER + length) break;
      texts.push(this.take(HEADER + length).toString('utf8', HEADER));
    }
    return { kind: 'messages', texts };
  }

  private peekLength(): number {
    let first = this.chunks[0] as Buffer;
    if (first.length < HEADER) {
      first = Buffer.concat(this.chunks);
      this.chunks = [first];
    }
    return first.readUInt32BE(0);
  }

  private take(count: number): Buffer {
    const all = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    this.chunks = all.length > count ? [all.subarray(count)] : [];
    this.size -= count;
    return all.subarray(0, count);
  }
}
