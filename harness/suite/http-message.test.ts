import { describe, expect, test } from 'vitest';
import { readAnswer } from './http-message.ts';
import type { AnswerState, ReadAnswer } from './http-message.ts';

function read(text: string | Buffer, { bodiless = false, ended = false } = {}): AnswerState {
  return readAnswer(Buffer.from(text as string), bodiless, ended);
}

function answer(
  text: string | Buffer,
  options = {},
): Omit<ReadAnswer, 'body' | 'rest'> & { body: string; rest: string } {
  const state = read(text, options);
  if (state.kind !== 'complete') throw new Error(`not complete but ${JSON.stringify(state)}`);
  return { ...state.answer, body: state.answer.body.toString(), rest: state.answer.rest.toString() };
}

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;ext="a b"\r\nHell\r\nA  \r\no, World!!\r\n000\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n';

describe('an answer with a length', () => {
  test('is complete with its last byte, at no cut before', () => {
    for (let at = 0; at < SIZED.length; at++)
      expect(read(SIZED.slice(0, at)).kind, `cut at ${at}`).toBe('more');
    expect(answer(SIZED)).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain', 'content-length': '5' },
      body: 'hello',
      rest: '',
    });
  });

  test('leaves what follows', () => {
    expect(answer(`${SIZED}HTTP/1.1 404`)).toMatchObject({ body: 'hello', rest: 'HTTP/1.1 404' });
  });

  test('of 0 has no body', () => {
    expect(answer('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nrest')).toMatchObject({
      body: '',
      rest: 'rest',
    });
  });

  test('that is cut off is broken, at every cut', () => {
    for (let at = 0; at < SIZED.length; at++) {
      expect(read(SIZED.slice(0, at), { ended: true }).kind, `cut at ${at}`).toBe('broken');
    }
  });

  test.each(['-1', '5 ', '+5', '0x5', '5, 5', '5.0', '', 'five', '1e3'])(
    'that is no number is broken: %j',
    (length) => {
      const state = read(`HTTP/1.1 200 OK\r\nContent-Length: ${length}x\r\n\r\nhello`);
      expect(state).toMatchObject({ kind: 'broken', why: expect.stringContaining('Content-Length') });
    },
  );

  test('that is said twice is broken, also when both agree', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello').kind).toBe(
      'broken',
    );
  });

  test('that no program could send waits for more', () => {
    expect(read(`HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(400)}\r\n\r\nhello`).kind).toBe('more');
  });
});

describe('an answer in chunks', () => {
  test('is complete with the end of its trailer, at no cut before', () => {
    for (let at = 0; at < CHUNKED.length; at++)
      expect(read(CHUNKED.slice(0, at)).kind, `cut at ${at}`).toBe('more');
    expect(answer(`${CHUNKED}rest`)).toMatchObject({ body: 'Hello, World!!', rest: 'rest' });
  });

  test('that is cut off is broken, at every cut', () => {
    for (let at = 0; at < CHUNKED.length; at++) {
      expect(read(CHUNKED.slice(0, at), { ended: true }).kind, `cut at ${at}`).toBe('broken');
    }
  });

  test.each([
    'TRANSFER-ENCODING: Chunked',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked',
  ])('is known by %j, also beside a length', (header) => {
    expect(answer(`HTTP/1.1 200 OK\r\n${header}\r\nContent-Length: 1\r\n\r\n2\r\nab\r\n0\r\n\r\n`).body).toBe(
      'ab',
    );
  });

  test.each([
    ['a size that is no number', 'x\r\nab\r\n0\r\n\r\n'],
    ['a negative size', '-1\r\nab\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x2\r\nab\r\n0\r\n\r\n'],
    ['a size of nine digits', '000000002\r\nab\r\n0\r\n\r\n'],
    ['no size', '\r\nab\r\n0\r\n\r\n'],
    ['data longer than its size', '2\r\nabXX0\r\n\r\n'],
    ['data whose end is one byte late', '2\r\nabc\r\n0\r\n\r\n'],
  ])('is broken by %s', (_, body) => {
    expect(read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`).kind).toBe('broken');
  });

  test('keeps bytes as they are', () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    const head = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n');
    const state = readAnswer(Buffer.concat([head, bytes, Buffer.from('\r\n0\r\n\r\n')]), false, false);
    expect(state.kind === 'complete' && state.answer.body).toEqual(bytes);
  });
});

describe('an answer without a length', () => {
  const text = 'HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nall of it';

  test('is complete when the server has closed', () => {
    expect(read(text).kind).toBe('more');
    expect(answer(text, { ended: true })).toMatchObject({ body: 'all of it', rest: '' });
  });
});

describe('an answer without a body', () => {
  test.each(['204 No Content', '304 Not Modified'])('is complete with its headers: %s', (status) => {
    expect(answer(`HTTP/1.1 ${status}\r\nContent-Length: 5\r\n\r\nnext`)).toMatchObject({
      body: '',
      rest: 'next',
    });
  });

  test('is that to HEAD, whatever it announces', () => {
    for (const header of ['Content-Length: 5', 'Transfer-Encoding: chunked', 'X: y']) {
      expect(answer(`HTTP/1.1 200 OK\r\n${header}\r\n\r\nnext`, { bodiless: true })).toMatchObject({
        body: '',
        rest: 'next',
      });
    }
  });

  test('is that of a switched protocol: what follows is not HTTP any more', () => {
    const text = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u0081\u0000';
    expect(answer(text)).toMatchObject({ status: 101, body: '', rest: '\u0081\u0000' });
  });
});

describe('answers 1xx', () => {
  test('are passed over, also several', () => {
    const early = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    for (let at = 0; at < early.length; at++) expect(read((early + SIZED).slice(0, at)).kind).toBe('more');
    expect(answer(early + SIZED)).toMatchObject({ status: 200, body: 'hello' });
    expect(answer(early + SIZED).headers['link']).toBeUndefined();
  });

  test('before nothing are no answer', () => {
    expect(read('HTTP/1.1 100 Continue\r\n\r\n').kind).toBe('more');
    expect(read('HTTP/1.1 100 Continue\r\n\r\n', { ended: true }).kind).toBe('broken');
  });

  test('in any number are read without a stack overflow, and given up at some point', () => {
    const early = 'HTTP/1.1 100 Continue\r\n\r\n';
    expect(answer(early.repeat(50) + SIZED).status).toBe(200);
    expect(read(early.repeat(80_000)).kind).toBe('broken');
  });
});

describe('headers', () => {
  test('are in lower case, trimmed, and joined when they repeat', () => {
    const text =
      'HTTP/1.1 200 OK\r\nALLOW:GET\r\nallow: \t POST \t\r\nX-Empty:\r\nX-Colon: a:b\r\nContent-Length: 0\r\n\r\n';
    expect(answer(text).headers).toEqual({
      allow: 'GET, POST',
      'x-empty': '',
      'x-colon': 'a:b',
      'content-length': '0',
    });
  });

  test('with the names of inherited things are ordinary ones', () => {
    const text =
      'HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\nConstructor: c\r\nContent-Length: 0\r\n\r\n';
    const { headers } = answer(text);
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b, c'],
      ['content-length', '0'],
    ]);
    expect(({} as { a?: string }).a).toBeUndefined();
  });

  test('that are none are passed over', () => {
    expect(answer('HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nContent-Length: 0\r\n\r\n').headers).toEqual({
      'content-length': '0',
    });
  });

  test('that never end are broken', () => {
    expect(read(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`).kind).toBe('broken');
  });
});

describe('what is no HTTP', () => {
  test.each([
    'hello\r\n\r\n',
    'HTTP/2 200 OK\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'http/1.1 200 OK\r\n\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    ' HTTP/1.1 200 OK\r\n\r\n',
    '\r\n\r\n',
    'ICY 200 OK\r\n\r\n',
  ])('is broken: %j', (text) => {
    expect(read(text)).toMatchObject({
      kind: 'broken',
      why: expect.stringContaining('does not begin like HTTP'),
    });
  });

  test('may leave out the reason', () => {
    expect(answer('HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n').status).toBe(200);
    expect(answer('HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n').status).toBe(200);
  });

  test('is a connection that was closed at once', () => {
    expect(read('', { ended: true })).toEqual({
      kind: 'broken',
      why: 'the connection was closed without an answer',
    });
    expect(read('').kind).toBe('more');
  });
});
