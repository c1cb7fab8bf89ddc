import { readdirSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { Answer } from './answer.ts';
import { ANSWER_LIMIT, sendRequest, unanswered } from './client.ts';
import type { NoAnswer, RequestOptions } from './client.ts';
import { closedPort, httpServer, saying, tcpServer } from './testing/servers.ts';

const WITHIN = 3_000;

function send(
  port: number,
  method = 'GET',
  target = '/',
  options: RequestOptions = {},
  within = WITHIN,
): Promise<Answer | NoAnswer> {
  return sendRequest(`http://127.0.0.1:${port}`, method, target, options, within);
}

async function answered(port: number, ...rest: [string?, string?, RequestOptions?]): Promise<Answer> {
  const outcome = await send(port, ...rest);
  if (!(outcome instanceof Answer)) throw new Error(`no answer: ${outcome.why}`);
  return outcome;
}

async function missing(port: number, method = 'GET', within = WITHIN): Promise<NoAnswer> {
  const outcome = await send(port, method, '/', {}, within);
  if (outcome instanceof Answer) throw new Error(`an answer: ${outcome.describe()}`);
  return outcome;
}

type Seen = { method?: string; url?: string; headers: IncomingHttpHeaders; body: string };

/** A server that answers with what it was sent. */
async function mirror(): Promise<number> {
  return await httpServer((request, response) => {
    void textOf(request as unknown as NodeJS.ReadableStream).then((body) => {
      const { method, url, headers } = request as IncomingMessage;
      response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify({ method, url, headers, body }));
    });
  });
}

async function seen(method: string, target: string, options: RequestOptions): Promise<Seen> {
  return (await answered(await mirror(), method, target, options)).json as Seen;
}

describe('a request', () => {
  test('is sent as it is asked for, and recorded', async () => {
    const options = { headers: { 'X-Test': 'a, b' }, json: { name: 'Zoë' } };
    const port = await mirror();
    const answer = await answered(port, 'POST', '/books?page=2&q=%20', options);
    expect(answer.json).toMatchObject({
      method: 'POST',
      url: '/books?page=2&q=%20',
      headers: {
        'x-test': 'a, b',
        'content-type': 'application/json',
        'content-length': '15',
        'accept-encoding': 'identity',
      },
      body: '{"name":"Zoë"}',
    });
    expect(answer.exchange).toEqual({
      method: 'POST',
      target: '/books?page=2&q=%20',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Test', 'a, b'],
      ],
      body: '{"name":"Zoë"}',
      raw: null,
    });
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('may be %s', async (method) => {
    expect((await seen(method, '/', {})).method).toBe(method);
  });

  test.each(['0', 'null', 'false', '""', '[]'])('sends the JSON value %s', async (text) => {
    expect((await seen('POST', '/', { json: JSON.parse(text) as unknown })).body).toBe(text);
  });

  test('sends a text and bytes just as they are, whatever type they are said to be', async () => {
    const json = { 'Content-Type': 'application/json' };
    expect((await seen('POST', '/', { headers: json, body: '{"not json' })).body).toBe('{"not json');
    expect(
      (
        await seen('POST', '/', {
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: 'a=1&a=2',
        })
      ).body,
    ).toBe('a=1&a=2');
    expect((await seen('POST', '/', { headers: json, body: Buffer.from('[1]') })).body).toBe('[1]');
  });

  test('says nothing about the type of a body that the suite says nothing about', async () => {
    expect((await seen('POST', '/', { body: 'plain' })).headers['content-type']).toBeUndefined();
    expect((await seen('POST', '/', { body: Buffer.from('plain') })).headers['content-type']).toBeUndefined();
  });

  test.each([
    ['/a/../b//c/./d', '/a/../b//c/./d'],
    ['/%2e%2e/%41?q=%zz', '/%2e%2e/%41?q=%zz'],
    ["/it's?tag[0]=a&b={1}|2", "/it's?tag[0]=a&b=%7B1%7D|2"],
    ['/漢 字?q=Zoë\t', '/%E6%BC%A2%20%E5%AD%97?q=Zo%C3%AB%09'],
    ['/\ud83c', '/%EF%BF%BD'],
  ])('has its target as it is, with what may not stand there encoded: %s', async (target, sent) => {
    expect((await seen('GET', target, {})).url).toBe(sent);
  });

  test('with an empty body has one of no length', async () => {
    const got = await seen('POST', '/', { headers: { 'Content-Type': 'application/json' }, body: '' });
    expect([got.body, got.headers['content-length'] ?? '0']).toEqual(['', '0']);
  });

  test('is made on a connection of its own', async () => {
    const ports = new Set<number | undefined>();
    const port = await httpServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    for (let i = 0; i < 3; i++) await answered(port);
    expect(ports.size).toBe(3);
  });
});

describe('an answer', () => {
  test('comes with any status, and redirects are not followed', async () => {
    const urls: (string | undefined)[] = [];
    const port = await httpServer((request, response) => {
      urls.push(request.url);
      response.writeHead(302, { Location: '/next' }).end('moved');
    });
    const answer = await answered(port);
    expect([answer.status, answer.header('LOCATION'), answer.text]).toEqual([302, '/next', 'moved']);
    expect(urls).toEqual(['/']);
    for (const status of [200, 304, 404, 418, 500, 599]) {
      expect(
        (await answered(await httpServer((_, response) => response.writeHead(status).end()))).status,
      ).toBe(status);
    }
  });

  test('to HEAD has headers and no body', async () => {
    const port = await httpServer((_, response) => response.setHeader('Content-Length', 5).end('hello'));
    const answer = await answered(port, 'HEAD');
    expect([answer.header('content-length'), answer.body.length]).toEqual(['5', 0]);
  });

  test('has bytes that nobody has read for it', async () => {
    const bytes = Buffer.from([0, 255, 128, 13, 10]);
    for (const type of [
      'application/octet-stream',
      'text/html; charset=latin1',
      'application/json',
      'image/png',
      'nonsense',
      'constructor',
    ]) {
      const port = await httpServer((_, response) => response.setHeader('Content-Type', type).end(bytes));
      expect((await answered(port)).body, `of ${type}`).toEqual(bytes);
    }
  });

  test('has repeated headers joined, in an object without inherited names', async () => {
    const { headers } = await answered(
      await httpServer((_, response) =>
        response
          .writeHead(200, [
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
            ['__proto__', 'x'],
          ] as never)
          .end(),
      ),
    );
    expect(headers['set-cookie']).toBe('a=1, b=2');
    expect(Object.getPrototypeOf(headers)).toBeNull();
  });

  test('of many parts is not taken apart, and nothing is written to the disk', async () => {
    const temp = temporaryFolder();
    for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, temp);
    onTestFinished(() => void vi.unstubAllEnvs());
    const body =
      '--x\r\nContent-Disposition: form-data; name="f"; filename="evil.txt"\r\n\r\nowned\r\n--x--\r\n';
    for (const type of [
      'multipart/form-data; boundary=x',
      'multipart/mixed; boundary=x',
      'MULTIPART/FORM-DATA; boundary=x',
    ]) {
      const port = await httpServer((_, response) => response.setHeader('Content-Type', type).end(body));
      expect((await answered(port)).text).toBe(body);
    }
    expect(readdirSync(temp)).toEqual([]);
  });

  // Identity is asked for; a server that compresses all the same is met as it is, and no bomb is set off here.
  test('that is compressed although nobody asked stays as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    const small = gzipSync('hello');
    for (const [bytes, encoding] of [
      [small, 'gzip'],
      [small, 'GZIP'],
      [small, 'deflate'],
      [Buffer.from('not gzip'), 'gzip'],
      [bomb, 'gzip'],
    ] as const) {
      const port = await httpServer((_, response) =>
        response.setHeader('Content-Encoding', encoding).end(bytes),
      );
      const answer = await answered(port);
      expect(answer.body.equals(bytes), `${encoding}, ${bytes.length} bytes`).toBe(true);
      expect(answer.header('content-encoding')).toBe(encoding);
    }
    expect(gunzipSync(small).toString()).toBe('hello');
  });

  test('of exactly the limit is read, and one byte more is refused', async () => {
    const port = await httpServer((request, response) =>
      response.end(Buffer.alloc(ANSWER_LIMIT + Number(request.url?.slice(1)))),
    );
    expect((await answered(port, 'GET', '/0')).body.length).toBe(ANSWER_LIMIT);
    expect(await send(port, 'GET', '/1')).toMatchObject({
      kind: 'no-answer',
      why: 'an answer larger than 1 MiB',
      hung: false,
    });
  });

  test('that never stops coming is refused at the limit', async () => {
    const chunk = Buffer.alloc(64 * 1024);
    const port = await httpServer((_, response) => {
      const more = () => void (response.destroyed || response.write(chunk, more));
      more();
    });
    expect(await missing(port)).toMatchObject({ why: 'an answer larger than 1 MiB', hung: false });
  });
});

describe('a missing answer', () => {
  test('in time is a program that hangs', async () => {
    const why = 'no answer within 0.1 seconds';
    expect(await missing(await httpServer(() => {}), 'GET', 100)).toMatchObject({ why, hung: true });
    expect(await missing(await tcpServer(() => {}), 'POST', 100)).toMatchObject({ why, hung: true });
    const begun = await httpServer(
      (_, response) => void response.writeHead(200, { 'Content-Length': 9 }).write('x'),
    );
    expect(await missing(begun, 'GET', 100)).toMatchObject({ hung: true });
  });

  test.each([
    ['a connection closed at once', '', 'closed without an answer'],
    ['a text', 'hello, I am not HTTP\r\n\r\n', 'not HTTP'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', ''],
    ['a broken length', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello', ''],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhello', ''],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', ''],
    ['headers without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, ''],
    ['a body that is cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello', ''],
  ])('is said in words: %s', async (_, bytes, why) => {
    const got = await missing(await saying(bytes));
    expect(got).toMatchObject({ kind: 'no-answer', hung: false });
    expect(got.why).toContain(why);
  });

  test('is said in words: a reset, and a port without a listener', async () => {
    const reset = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await missing(reset)).toMatchObject({
      why: 'the connection was closed without an answer',
      hung: false,
    });
    expect(await missing(await closedPort())).toMatchObject({
      why: 'nobody listens: the server is gone',
      hung: false,
    });
  });

  test('becomes a rule that is not kept, with what was sent', async () => {
    const unmet = unanswered(await missing(await saying('')));
    expect(unmet).toMatchObject({ expected: 'an answer', sent: 'GET /', reason: 'wrong' });
    expect(unanswered(await missing(await httpServer(() => {}), 'GET', 50)).reason).toBe('hung');
  });

  test('leaves nothing behind that breaks later: bytes after the answer, errors after the end', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    for (const bytes of [
      `${answer}garbage`,
      `${answer}${answer}`,
      `HTTP/1.1 100 Continue\r\n\r\n${answer}`,
      `HTTP/1.1 103 Early Hints\r\n\r\n${answer}`,
    ]) {
      const outcome = await send(await saying(bytes));
      expect(outcome instanceof Answer ? outcome.text : outcome.why).toMatch(/^ok$|answer/);
    }
  });
});
