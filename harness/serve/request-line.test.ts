import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exchange } from '../verdict/verdict.ts';
import { printfFormat, requestLine } from './request-line.ts';
import type { RequestLine } from './request-line.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'workbook-line-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const POST: Exchange = {
  method: 'POST',
  target: '/echo',
  headers: [['Content-Type', 'text/plain']],
  body: null,
  raw: null,
};

function ordinary(body: Buffer | null, changes: Partial<Exchange> = {}): RequestLine {
  const exchange = { ...POST, body: body?.toString() ?? null, ...changes };
  return requestLine({ exchange, body, pieces: [] }, 4000, folder);
}

function raw(...pieces: string[]): RequestLine {
  const exchange = { ...POST, raw: pieces.join('') };
  return requestLine({ exchange, body: null, pieces: pieces.map((each) => Buffer.from(each)) }, 4000, folder);
}

function lineOf(line: RequestLine): string {
  return line.kind === 'none' ? line.why : line.line;
}

describe('an ordinary request', () => {
  test('is a curl line', () => {
    expect(ordinary(Buffer.from("it's"))).toEqual({
      kind: 'curl',
      line: `curl -i --path-as-is http://127.0.0.1:4000/echo -H 'Content-Type: text/plain' --data-raw 'it'\\''s'`,
    });
  });

  test.each([
    ['bytes that are no text', Buffer.from([0xc3, 0x28, 0xff])],
    ['a NUL byte', Buffer.from('a\0b')],
    ['more than anybody pastes', Buffer.alloc(5_000, 'x')],
  ])('with %s as its body takes it from a file', (_what, body) => {
    const [, file = ''] =
      / --data-binary '@([^']+)'$/.exec(lineOf(ordinary(body))) ??
      / --data-binary @(\S+)$/.exec(lineOf(ordinary(body))) ??
      [];
    expect(readFileSync(file)).toEqual(body);
  });

  test('that curl does not send is said', () => {
    expect(ordinary(Buffer.from('x'), { method: 'HEAD' })).toMatchObject({ kind: 'none' });
  });
});

describe('a raw message', () => {
  test.each([
    [
      'GET /files/..%2fsecret.txt HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n',
      `curl -i --path-as-is http://127.0.0.1:4000/files/..%2fsecret.txt -H 'Host: a.test'`,
    ],
    [
      'GET // HTTP/1.1\r\nHost: a.test\r\n\r\n',
      `curl -i --path-as-is http://127.0.0.1:4000// -H 'Host: a.test'`,
    ],
    [
      'HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n',
      `curl -I --path-as-is http://127.0.0.1:4000/ -H 'Host: a.test'`,
    ],
  ])('that says what curl says is a curl line: %j', (bytes, line) => {
    expect(raw(bytes)).toEqual({ kind: 'curl', line });
  });

  test.each([
    ['a Host twice', 'GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a.test\r\n\r\n'],
    ['a folded line', 'GET / HTTP/1.1\r\nHost: a.test\r\n b\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a.test\r\n\r\n'],
    ['a length that does not fit', 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nx'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['no end', 'GET / HTTP/1.1\r\nHost: a.test\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: a.test\n\n'],
  ])('with %s keeps its bytes: printf and nc', (_what, bytes) => {
    const { kind } = raw(bytes);
    expect(kind).toBe('nc');
    const [, command = ''] =
      /^\((printf '.*'); sleep 3\) \| nc 127\.0\.0\.1 4000$/.exec(lineOf(raw(bytes))) ?? [];
    expect(spawnSync('sh', ['-c', command]).stdout).toEqual(Buffer.from(bytes));
  });

  test('in pieces leaves in pieces', () => {
    expect(lineOf(raw('GET / HTT', 'P/1.1\r\n\r\n'))).toBe(
      `(printf 'GET / HTT'; sleep 1; printf 'P/1.1\\r\\n\\r\\n'; sleep 3) | nc 127.0.0.1 4000`,
    );
  });

  test('that is long comes from a file', () => {
    const [, file = ''] = /cat '([^']+)'/.exec(lineOf(raw('x'.repeat(70_000)))) ?? [];
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(70_000));
  });

  test.each([
    ['in many pieces', raw.bind(null, ...'abcdefgh')],
    ['of which nothing was kept', raw.bind(null)],
  ])('%s is no line, and the reason is said', (_what, make) => {
    expect(make()).toMatchObject({ kind: 'none', why: expect.stringMatching(/\.$/) as string });
  });
});

test('every byte survives printf', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  // Digits behind an escape are not taken for a part of it.
  const all = Buffer.concat([bytes, Buffer.from('\0' + '1')]);
  expect(spawnSync('sh', ['-c', `printf '${printfFormat(all)}'`]).stdout).toEqual(all);
});
