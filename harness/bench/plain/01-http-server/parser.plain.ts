import { expect, test } from 'vitest';
import { parseRequest } from '../../../../solutions/01-http-server/src/parse-request.ts';

test('R18 parseRequest finds the method, the target, the version, the headers and the body', () => {
  expect(parse('GET /books/7?page=2 HTTP/1.1\r\nHost: a.test\r\n\r\n')).toEqual(
    message({ target: '/books/7?page=2' }),
  );
  expect(
    parse(
      'GET / HTTP/1.1\r\nHOST: a.test\r\nx-Trace-ID:fox\r\nAccept: \t text/html, */* \t\r\nX-Empty:\r\n\r\n',
    ),
  ).toEqual(
    message({ headers: { host: 'a.test', 'x-trace-id': 'fox', accept: 'text/html, */*', 'x-empty': '' } }),
  );
  expect(parse('GET / HTTP/1.1\r\nHost: a.test:8080\r\nX-Time: 10:30:00\r\n\r\n')).toEqual(
    message({ headers: { host: 'a.test:8080', 'x-time': '10:30:00' } }),
  );
  expect(parse('GET / HTTP/1.1\r\nHost: a.test\r\nAccept: text/html\r\naccept: fox/*\r\n\r\n')).toEqual(
    message({ headers: { host: 'a.test', accept: 'text/html, fox/*' } }),
  );
  const body = '{"name":"Zoë 🦊"}\r\n\r\n';
  const length = String(Buffer.byteLength(body));
  expect(parse(`POST /echo HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${length}\r\n\r\n${body}`)).toEqual(
    message({
      method: 'POST',
      target: '/echo',
      headers: { host: 'a.test', 'content-length': length },
      body: Buffer.from(body),
    }),
  );
  expect(parse('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabcdef')).toEqual(
    message({ method: 'POST', headers: { host: 'a.test', 'content-length': '3' }, body: Buffer.from('abc') }),
  );
  mustRefuse('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nabc', 'malformed');
  mustRefuse('hello there\r\n\r\n', 'malformed');
  mustRefuse('GET / HTTP/1.1\r\nHost: a.test\r\nbroken\r\n\r\n', 'malformed');
  mustRefuse('GET / HTTP/1.1\r\nHost: a.test\r\n', 'malformed');
  mustRefuse('', 'malformed');
});

test('R19 parseRequest refuses the messages that two programs could read in two ways', () => {
  mustAccept('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nok');
  for (const text of [
    'GET / HTTP/1.1\r\nHost: a.test\r\nX-Long: one\r\n two\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a.test\r\nX-Long: one\r\n\ttwo: 2\r\n\r\n',
    'GET / HTTP/1.1\r\nHost : a.test\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length : 2\r\n\r\nok',
    'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk',
    'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: two\r\n\r\nok',
    'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: -1\r\n\r\n',
  ]) {
    mustRefuse(text, 'malformed');
  }
});

test('R20 parseRequest asks for Host in HTTP/1.1 and does not ask for it in HTTP/1.0', () => {
  mustAccept('GET /a HTTP/1.1\r\nHost: a.test\r\n\r\n');
  mustRefuse('GET /a HTTP/1.1\r\nAccept: */*\r\n\r\n', 'missing_host');
  mustRefuse('GET /a HTTP/1.1\r\n\r\n', 'missing_host');
  expect(parse('GET /a HTTP/1.0\r\n\r\n')).toEqual(message({ target: '/a', version: '1.0', headers: {} }));
});

function parse(text: string): unknown {
  const parsed = parseRequest(Buffer.from(text));
  // Headers may come without a prototype, which toEqual does not mind.
  return parsed.ok ? { ...parsed, headers: { ...parsed.headers } } : parsed;
}

function message(part: object): object {
  const usual = { method: 'GET', target: '/', version: '1.1', headers: { host: 'a.test' } };
  return { ok: true, ...usual, body: Buffer.alloc(0), ...part };
}

function mustAccept(text: string): void {
  expect(parse(text)).toMatchObject({ ok: true });
}

function mustRefuse(text: string, error: string): void {
  expect(parse(text)).toEqual({ ok: false, error });
}
