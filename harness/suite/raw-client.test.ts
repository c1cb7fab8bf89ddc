import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Answer } from './answer.ts';
import type { NoAnswer } from './client.ts';
import { RawConnection } from './raw-client.ts';
import { cut } from './show.ts';
import { closedPort, httpServer, saying, tcpServer } from './testing/servers.ts';

const WITHIN = 3_000;
const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function open(port: number): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  onTestFinished(() => connection.close());
  return connection;
}

function shown(outcome: Answer | NoAnswer): string {
  return outcome instanceof Answer ? `${outcome.status} ${outcome.text}` : outcome.why;
}

describe('a raw connection', () => {
  test('sends bytes as they are, in the pieces in which they are written', async () => {
    const pieces: Buffer[] = [];
    const port = await tcpServer((socket) => {
      socket.on('data', (chunk: Buffer) => {
        pieces.push(chunk);
        socket.write(OK);
      });
    });
    const connection = await open(port);
    for (const piece of ['GE', Buffer.from([0, 255]), 'T /../%00 HTTP/9.9\r\n']) {
      await connection.write(piece);
      await connection.read(WITHIN);
    }
    expect(pieces).toEqual([Buffer.from('GE'), Buffer.from([0, 255]), Buffer.from('T /../%00 HTTP/9.9\r\n')]);
  });

  test('reads several answers, one after the other, however they come', async () => {
    const port = await saying(OK + OK.replace('ok', 'on') + 'HTTP/1.1 204 No Content\r\n\r\n', {
      keep: true,
    });
    const connection = await open(port);
    await connection.write(GET);
    expect(shown(await connection.read(WITHIN))).toBe('200 ok');
    expect(shown(await connection.read(WITHIN))).toBe('200 on');
    expect(shown(await connection.read(WITHIN))).toBe('204 ');
    expect(await connection.read(30)).toMatchObject({
      kind: 'no-answer',
      hung: true,
      why: 'no answer within 0.03 seconds',
    });
  });

  test('reads what comes byte by byte', async () => {
    const port = await tcpServer((socket) => {
      socket.setNoDelay(true);
      socket.once('data', () => {
        const next = (at: number) =>
          at < OK.length && socket.write(OK.slice(at, at + 1), () => setImmediate(next, at + 1));
        next(0);
      });
    });
    const connection = await open(port);
    await connection.write(GET);
    expect(shown(await connection.read(WITHIN))).toBe('200 ok');
  });

  test('keeps on reading after it has said that it is done', async () => {
    const port = await tcpServer((socket) => {
      let got = '';
      socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
      socket.on('end', () => socket.end(`HTTP/1.1 200 OK\r\n\r\nafter ${got.length} bytes`));
    });
    const connection = await open(port);
    await connection.write(GET);
    connection.end();
    expect(shown(await connection.read(WITHIN))).toBe(`200 after ${GET.length} bytes`);
  });

  test('can leave without a word', async () => {
    let gone: (error: NodeJS.ErrnoException) => void;
    const left = new Promise<NodeJS.ErrnoException>((resolve) => (gone = resolve));
    const port = await tcpServer((socket: Socket) => {
      socket.on('error', (error) => gone(error));
      socket.write('x');
    });
    const connection = await open(port);
    connection.abort();
    expect((await left).code).toBe('ECONNRESET');
    await connection.write('after the end');
    expect(await connection.read(WITHIN)).toMatchObject({ kind: 'no-answer', hung: false });
  });

  test('tells what was sent, with control characters written out, and cut', async () => {
    const connection = await open(await saying(OK));
    await connection.write(`POST /x HTTP/1.1\r\nX: "\0\u001b"\r\n\r\n${'y'.repeat(5_000)}`);
    const { exchange } = await connection.read(WITHIN);
    expect(exchange).toMatchObject({ method: 'POST', target: '/x', headers: [], body: null });
    expect(exchange.raw).toMatch(
      /^POST \/x HTTP\/1\.1\\r\\nX: "\\u0000\\u001b"\\r\\n\\r\\ny+… \(\d+ more characters\)$/,
    );
    expect(exchange.raw?.length).toBeLessThan(600);
  });

  test('to a port without a listener is an error', async () => {
    await expect(RawConnection.open(await closedPort())).rejects.toThrow('ECONNREFUSED');
  });
});

describe('what a raw connection says is missing', () => {
  test.each([
    ['', 'the connection was closed without an answer'],
    ['HTTP/1.1 200 OK\r\nContent-', 'closed inside the headers'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort', 'shorter than its Content-Length'],
    ['I speak no HTTP\r\n\r\n', 'does not begin like HTTP: "I speak no HTTP"'],
  ])('%j', async (bytes, why) => {
    const connection = await open(await saying(bytes));
    await connection.write(GET);
    expect(shown(await connection.read(WITHIN))).toContain(why);
  });

  test('a reset', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const connection = await open(port);
    await connection.write(GET);
    expect(shown(await connection.read(WITHIN))).toMatch(/closed without an answer \(.*ECONNRESET\)/);
  });

  test('an answer in time', async () => {
    const connection = await open(await tcpServer((socket) => socket.resume()));
    await connection.write(GET);
    expect(await connection.read(40)).toMatchObject({ hung: true, why: 'no answer within 0.04 seconds' });
  });

  test('an end, where an answer without a length is larger than may be', async () => {
    const chunk = Buffer.alloc(256 * 1024, 'x');
    const port = await httpServer((_, response) => {
      response.useChunkedEncodingByDefault = false;
      response.shouldKeepAlive = false;
      const more = () => void (response.destroyed || response.write(chunk, more));
      more();
    });
    const connection = await open(port);
    await connection.write(GET);
    expect(cut(shown(await connection.read(WITHIN)), 200)).toContain('larger than 1 MiB');
  });
});

describe('a server that does not read', () => {
  // As a server may do that has answered 413 already. The suite must come to its question all the same.
  test('does not hold up who writes', async () => {
    const port = await tcpServer((socket) => socket.pause());
    const connection = await open(port);
    const written = connection.write(Buffer.alloc(32 << 20)).then(() => 'went on');
    const waited = new Promise((resolve) => setTimeout(resolve, 4_000, 'waits for good').unref());
    expect(await Promise.race([written, waited])).toBe('went on');
  });
});
