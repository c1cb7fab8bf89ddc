import { readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { frame, FrameReader, MESSAGE_LIMIT } from '../message/frame.ts';
import type { HostMessage, HostRequest } from '../message/host.ts';

/** The descriptor of the pipe to the trusted side; 0–2 are the usual three. */
const PIPE = 3;

/**
 * A second one for last words. The other side hardly ever writes to it: who writes to a pipe whose other end has just died
 * gets an error, and what still stood in that pipe is lost.
 */
const LAST_WORDS = 4;

export type Channel = {
  send(message: HostMessage): void;
  /** Writes at once, for the last words of a dying process. */
  sendNow(message: HostMessage): void;
  /** Stands still, the event loop with it, until the answer to what was sent at once is there. */
  hearNow(): string;
};

/** Opens the pipe. Requests are trusted: they come from our own side. */
export function openChannel(onRequest: (id: number, request: HostRequest) => void): Channel {
  const socket = new Socket({ fd: PIPE, readable: true, writable: true });
  const reader = new FrameReader();
  socket.on('data', (chunk: Buffer) => {
    const read = reader.push(chunk);
    if (read.kind === 'broken') process.abort();
    for (const text of read.texts) {
      const { id, ...request } = JSON.parse(text) as { id: number } & HostRequest;
      onRequest(id, request);
    }
  });
  // The other side is gone, or closed the pipe: a host never outlives it.
  socket.on('close', () => process.kill(process.pid, 'SIGKILL'));
  socket.on('error', () => process.kill(process.pid, 'SIGKILL'));
  return {
    send: (message) => void socket.write(fitting(message)),
    sendNow: (message) => {
      try {
        writeSync(LAST_WORDS, frame(JSON.stringify(message)));
      } catch {
        // The pipe is full or gone. The exit status still tells that the process died.
      }
    },
    hearNow: () => {
      for (;;) {
        const read = said.push(readSome());
        if (read.kind === 'broken') process.abort();
        const [text] = read.texts;
        if (text !== undefined) return text;
      }
    },
  };
}

const said = new FrameReader();

function readSome(): Buffer {
  const bytes = Buffer.alloc(64 * 1024);
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      const count = readSync(LAST_WORDS, bytes, 0, bytes.length, null);
      if (count === 0) process.kill(process.pid, 'SIGKILL');
      return bytes.subarray(0, count);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleep, 0, 0, 1);
    }
  }
}

/** The message, or what takes its place when the other side would not read it: a program's answer may be of any size. */
function fitting(message: HostMessage): Buffer {
  const whole = frame(JSON.stringify(message));
  if (whole.length <= MESSAGE_LIMIT || !('id' in message)) return whole;
  const why = `an answer of ${whole.length} bytes came back, and ${MESSAGE_LIMIT} is the limit`;
  return frame(JSON.stringify({ id: message.id, result: { kind: 'cannot', why } } satisfies HostMessage));
}
