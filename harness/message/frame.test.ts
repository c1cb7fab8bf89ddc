import { describe, expect, test } from 'vitest';
import { frame, FrameReader, MESSAGE_LIMIT } from './frame.ts';
import type { FrameRead } from './frame.ts';

function textsOf(read: FrameRead): string[] {
  return read.kind === 'messages' ? read.texts : [];
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

describe('a stream of messages', () => {
  const texts = ['', 'a', '{"id":1}', 'ë € 🦊'];
  const bytes = Buffer.concat(texts.map(frame));

  test('gives the same messages wherever it is cut once', () => {
    for (let at = 0; at <= bytes.length; at++) {
      const reader = new FrameReader();
      const got = [
        ...textsOf(reader.push(bytes.subarray(0, at))),
        ...textsOf(reader.push(bytes.subarray(at))),
      ];
      expect(got, `cut at ${at}`).toEqual(texts);
    }
  });

  test('gives the same messages wherever it is cut twice', () => {
    for (let one = 0; one <= bytes.length; one++) {
      for (let two = one; two <= bytes.length; two++) {
        const reader = new FrameReader();
        const pieces = [bytes.subarray(0, one), bytes.subarray(one, two), bytes.subarray(two)];
        expect(
          pieces.flatMap((piece) => textsOf(reader.push(piece))),
          `cut at ${one} and ${two}`,
        ).toEqual(texts);
      }
    }
  });

  test('gives the same messages byte by byte', () => {
    const reader = new FrameReader();
    const got = Array.from(bytes, (byte) => textsOf(reader.push(Buffer.from([byte]))));
    expect(got.flat()).toEqual(texts);
  });

  test('gives several messages of one chunk at once, in order', () => {
    expect(new FrameReader().push(bytes)).toEqual({ kind: 'messages', texts });
  });

  test('takes a message of exactly the limit', () => {
    const long = 'x'.repeat(MESSAGE_LIMIT);
    expect(textsOf(new FrameReader().push(frame(long)))[0]?.length).toBe(MESSAGE_LIMIT);
  });

  test('keeps nothing of the chunks it was given', () => {
    const reader = new FrameReader();
    const chunk = frame('abcdef');
    const first = Buffer.from(chunk.subarray(0, 7));
    reader.push(first);
    expect(textsOf(reader.push(chunk.subarray(7)))).toEqual(['abcdef']);
  });

  test('counts the length in bytes and not in characters', () => {
    expect(frame('€').readUInt32BE(0)).toBe(3);
  });

  test('replaces what is not UTF-8 and goes on', () => {
    const reader = new FrameReader();
    const got = textsOf(reader.push(Buffer.concat([header(2), Buffer.from([0xff, 0xfe]), frame('next')])));
    expect(got).toEqual(['\ufffd\ufffd', 'next']);
  });
});

describe('a stream that breaks', () => {
  test('is broken by one byte over the limit, before that byte has come', () => {
    const read = new FrameReader().push(header(MESSAGE_LIMIT + 1));
    expect(read).toEqual({ kind: 'broken', why: expect.stringContaining(String(MESSAGE_LIMIT + 1)) });
  });

  test('is broken by text that is no frame', () => {
    expect(new FrameReader().push(Buffer.from('not a frame at all\n')).kind).toBe('broken');
  });

  test('still gives the messages before the garbage, then stays broken for good', () => {
    const reader = new FrameReader();
    expect(reader.push(Buffer.concat([frame('fine'), header(0xffff_ffff)]))).toEqual({
      kind: 'messages',
      texts: ['fine'],
    });
    expect(reader.push(frame('too late')).kind).toBe('broken');
    expect(reader.push(Buffer.alloc(0)).kind).toBe('broken');
  });

  test('is broken at every cut of an over-long length', () => {
    const bytes = Buffer.concat([frame('fine'), header(MESSAGE_LIMIT + 1), Buffer.from('rest')]);
    for (let at = 0; at <= bytes.length; at++) {
      const reader = new FrameReader();
      const reads = [reader.push(bytes.subarray(0, at)), reader.push(bytes.subarray(at))];
      expect(reads.flatMap(textsOf), `cut at ${at}`).toEqual(['fine']);
      expect(reader.push(frame('more')).kind, `cut at ${at}`).toBe('broken');
    }
  });
});
