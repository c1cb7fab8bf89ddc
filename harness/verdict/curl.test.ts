import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { curlLine, shellWord } from './curl.ts';
import type { Exchange } from './verdict.ts';

const base = 'http://127.0.0.1:4000';

function exchange(given: Partial<Exchange>): Exchange {
  return { method: 'GET', target: '/health', headers: [], body: null, raw: null, ...given };
}

function runs(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasSh = process.platform !== 'win32' && runs('sh', ['-c', ':']);
const hasBash = process.platform !== 'win32' && runs('bash', ['-c', ':']);
const hasCurl = hasBash && runs('curl', ['--version']);

/** The bytes that a shell hands over for one word. */
function bytesOf(shell: 'sh' | 'bash', word: string): Buffer {
  return execFileSync(shell, ['-c', `printf '%s\\0' ${word}`]).subarray(0, -1);
}

describe('a body in a file', () => {
  const file = '/tmp/a folder/body.bin';

  test.each([
    ['too long for a line', 'x'.repeat(4_097)],
    ['with a NUL byte', 'a\0b'],
    ['short', 'x'],
  ])('is named, and the body is not: %s', (_what, body) => {
    const line = curlLine(exchange({ method: 'POST', headers: [['Content-Type', 'a/b']], body }), base, file);
    expect(line).toBe(
      `curl -i --path-as-is ${base}/health -H 'Content-Type: a/b' --data-binary '@/tmp/a folder/body.bin'`,
    );
  });

  test('helps neither a raw message nor HEAD', () => {
    expect(curlLine(exchange({ raw: 'GET' }), base, file)).toBeNull();
    expect(curlLine(exchange({ method: 'HEAD', body: 'x' }), base, file)).toBeNull();
  });
});

describe('the line', () => {
  test.each<[name: string, given: Partial<Exchange>, line: string]>([
    ['GET', {}, `curl -i --path-as-is ${base}/health`],
    ['HEAD', { method: 'HEAD' }, `curl -I --path-as-is ${base}/health`],
    ['another method', { method: 'DELETE' }, `curl -i --path-as-is -X DELETE ${base}/health`],
    ['POST without a body', { method: 'POST' }, `curl -i --path-as-is -X POST ${base}/health`],
    [
      'POST with JSON',
      { method: 'POST', target: '/echo', headers: [['Content-Type', 'application/json']], body: '{"a":1}' },
      `curl -i --path-as-is ${base}/echo -H 'Content-Type: application/json' --data-raw '{"a":1}'`,
    ],
    [
      'a body without a type, which curl would name itself',
      { method: 'POST', target: '/echo', body: '' },
      `curl -i --path-as-is ${base}/echo -H Content-Type: --data-raw ''`,
    ],
    [
      'GET with a body',
      { body: 'x', headers: [['content-type', 'text/plain']] },
      `curl -i --path-as-is -X GET ${base}/health -H 'content-type: text/plain' --data-raw x`,
    ],
    ['a query', { target: '/hello?name=a+b&x=%20' }, `curl -i --path-as-is '${base}/hello?name=a+b&x=%20'`],
    ['a path with dots', { target: '/files/../x' }, `curl -i --path-as-is ${base}/files/../x`],
    ['a path with patterns', { target: '/a[1]' }, `curl -i --path-as-is -g '${base}/a[1]'`],
    [
      'a target that is no path',
      { method: 'OPTIONS', target: '*' },
      `curl -i --path-as-is -X OPTIONS --request-target '*' ${base}`,
    ],
    [
      'headers of the connection are left out, the others stay in order',
      {
        headers: [
          ['Host', '127.0.0.1:53211'],
          ['X-A', "it's"],
          ['Content-Length', '0'],
          ['Connection', 'close'],
          ['Accept-Encoding', 'gzip, deflate'],
          ['X-A', 'two'],
          ['X-Empty', ''],
        ],
      },
      `curl -i --path-as-is ${base}/health -H 'X-A: it'\\''s' -H 'X-A: two' -H 'X-Empty;'`,
    ],
    [
      'a foreign host and a chosen encoding',
      {
        headers: [
          ['Host', 'evil.example'],
          ['Accept-Encoding', 'br'],
        ],
      },
      `curl -i --path-as-is ${base}/health -H 'Host: evil.example' -H 'Accept-Encoding: br' --compressed`,
    ],
  ])('%s', (_name, given, line) => {
    expect(curlLine(exchange(given), base)).toBe(line);
  });

  test.each<[name: string, given: Partial<Exchange>]>([
    ['raw bytes', { raw: 'GET / HTTP/1.1\\r\\n\\r\\n' }],
    ['a NUL byte', { method: 'POST', body: 'a\0b' }],
    ['HEAD with a body', { method: 'HEAD', body: 'x' }],
    ['a body too long to paste', { method: 'POST', body: 'x'.repeat(4_097) }],
  ])('there is none for %s', (_name, given) => {
    expect(curlLine(exchange(given), base)).toBeNull();
  });

  test('is one line without anything hidden in it', () => {
    const line = curlLine(
      exchange({ method: 'POST', body: 'a\nb\u001b[31m\u202e\u009b', headers: [['X-A', 'tab\there']] }),
      base,
    );
    expect(line).not.toMatch(/\p{Cc}|\u202e/u);
  });
});

const printable = [
  '',
  'plain',
  "it's",
  "''",
  '"$HOME" `id` $(id) \\ !!',
  '*?[a]{b,c}~#;&|<>',
  '-n',
  'Jürgen 李 👍',
  '=x',
];
const hidden = [
  'a\nb',
  "tab\t'quoted'\\",
  '\u001b[31m7',
  '\u00017',
  '\r\n',
  '\u202e9',
  '\u00851',
  '\u2028',
  '\u{e0041}2',
  '\u007f',
];

describe('quoting is undone by a real shell', () => {
  test.skipIf(!hasSh).each(printable)('sh reads %j', (text) => {
    expect(bytesOf('sh', shellWord(text)).toString()).toBe(text);
  });

  test.skipIf(!hasBash).each([...printable, ...hidden])('bash reads %j', (text) => {
    expect(bytesOf('bash', shellWord(text)).toString()).toBe(text);
  });

  test.skipIf(!hasBash)('a header value beyond ASCII is sent with one byte a character', () => {
    expect(bytesOf('bash', shellWord('é1', 'latin1'))).toEqual(Buffer.from([0xe9, 0x31]));
  });

  test.skipIf(!hasBash)('every word of a line arrives as meant', () => {
    const line = curlLine(
      exchange({ method: 'PUT', target: "/x?a='1'", headers: [['X-A', '"q"']], body: '{\n  \'a\': "b"\n}' }),
      base,
    );
    const script = `curl() { printf '%s\\0' "$@"; }; ${line}`;
    const words = execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1);
    expect(words).toEqual([
      '-i',
      '--path-as-is',
      '-X',
      'PUT',
      `${base}/x?a='1'`,
      '-H',
      'X-A: "q"',
      '-H',
      'Content-Type:',
      '--data-raw',
      '{\n  \'a\': "b"\n}',
    ]);
  });
});

describe('curl sends the request again', () => {
  type Seen = {
    method: string | undefined;
    url: string | undefined;
    headers: IncomingHttpHeaders;
    body: string;
  };

  async function sendAgain(sent: Exchange): Promise<Seen> {
    const seen: Seen[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        response.setHeader('Connection', 'close').end();
      });
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const line = curlLine(sent, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      await promisify(execFile)('bash', ['-c', `${line} --silent --max-time 5 --noproxy '*'`]);
    } finally {
      server.close();
    }
    expect(seen).toHaveLength(1);
    return seen[0] as Seen;
  }

  test.skipIf(!hasCurl).each<[name: string, given: Partial<Exchange>]>([
    ['a path with dots', { target: '/files/../../etc/passwd' }],
    ['percent signs that mean nothing', { target: '/files/%zz' }],
    ['an encoded way out', { target: '/files/..%5c%2e%2e' }],
    ['two slashes', { target: '//' }],
    ['patterns of curl', { target: '/a[1-3]{x,y}' }],
    ['HEAD', { method: 'HEAD' }],
    ['OPTIONS *', { method: 'OPTIONS', target: '*' }],
    ['a lower-case path with a query', { method: 'DELETE', target: '/a?b=c&d=%C3%BC+' }],
    ['a body that starts with @', { method: 'POST', target: '/echo', body: '@/etc/hostname' }],
    ['a body of several lines', { method: 'PUT', body: '{\n\t"it\'s": "Jürgen"\r\n}' }],
    ['an empty body', { method: 'POST', body: '' }],
  ])('%s', async (_name, given) => {
    const sent = exchange(given);
    const seen = await sendAgain(sent);
    expect(seen).toMatchObject({ method: sent.method, url: sent.target, body: sent.body ?? '' });
    expect(seen.headers['content-type']).toBeUndefined();
  });

  test.skipIf(!hasCurl)('headers, also an empty one and one beyond ASCII', async () => {
    const seen = await sendAgain(
      exchange({
        headers: [
          ['X-Empty', ''],
          ['X-Latin', 'caf\u00e9'],
          ['Host', 'other.test'],
        ],
      }),
    );
    expect(seen.headers).toMatchObject({ 'x-empty': '', 'x-latin': 'caf\u00e9', host: 'other.test' });
  });
});
