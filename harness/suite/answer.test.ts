import { describe, expect, test } from 'vitest';
import type { Exchange } from '../verdict/verdict.ts';
import { Answer, describeSent } from './answer.ts';
import { Unmet } from './unmet.ts';

const EXCHANGE: Exchange = {
  method: 'GET',
  target: '/x',
  headers: [['Accept', '*/*']],
  body: null,
  raw: null,
};

function answer(status: number, headers: Record<string, string> = {}, body: string | Buffer = ''): Answer {
  return new Answer(status, headers, Buffer.from(body as string), EXCHANGE);
}

function unmetOf(act: () => unknown): Unmet {
  try {
    act();
  } catch (error) {
    if (error instanceof Unmet) return error;
    throw error;
  }
  throw new Error('the rule was kept');
}

describe('reading an answer', () => {
  test('finds headers in any case, and none that are inherited', () => {
    const got = answer(200, { allow: 'GET' });
    expect([
      got.header('Allow'),
      got.header('ALLOW'),
      got.header('toString'),
      got.header('__proto__'),
    ]).toEqual(['GET', 'GET', null, null]);
  });

  test.each([
    ['application/json', 'application/json', true],
    ['Application/JSON; charset=utf-8', 'application/json', true],
    ['application/problem+json', 'application/problem+json', true],
    ['text/plain;a=b', 'text/plain', false],
    ['application/jsonp', 'application/jsonp', false],
  ])('takes the media type %j as %j', (header, type, isJson) => {
    const got = answer(200, { 'content-type': header });
    expect([got.mediaType, got.isJson]).toEqual([type, isJson]);
  });

  test('without a media type has none', () => {
    expect([answer(200).mediaType, answer(200).isJson]).toEqual([null, false]);
  });

  test('takes JSON apart, and is undefined where there is none', () => {
    expect([
      answer(200, {}, '0').json,
      answer(200, {}, 'null').json,
      answer(200, {}, '').json,
      answer(200, {}, '{').json,
    ]).toEqual([0, null, undefined, undefined]);
  });

  test('takes lists apart', () => {
    expect(answer(405, { allow: ' GET,POST , ,HEAD' }).list('Allow')).toEqual(['GET', 'POST', 'HEAD']);
    expect(answer(405).list('Allow')).toEqual([]);
  });
});

describe('what an answer must be', () => {
  test('is passed by one that is', () => {
    const got = answer(201, { 'content-type': 'application/json' }, '{"id":1,"more":[]}');
    expect(
      got
        .mustBe(201)
        .mustHaveJson(201, { id: 1 })
        .must('anything', () => true),
    ).toBe(got);
    expect(answer(404).mustRefuse().status).toBe(404);
  });

  test('is told with what was expected, got and sent', () => {
    const unmet = unmetOf(() => answer(200, { 'content-type': 'text/plain' }, 'hi "you"').mustBe(404));
    expect(unmet).toMatchObject({
      expected: 'status 404',
      got: String.raw`200 · content-type: text/plain · "hi \"you\""`,
      sent: 'GET /x   Accept: */*',
      exchange: EXCHANGE,
      reason: 'wrong',
    });
  });

  test.each([399, 500, 200])('is no refusal: %i', (status) => {
    expect(unmetOf(() => answer(status).mustRefuse()).expected).toContain('400 to 499');
  });

  test.each([
    [200, { 'content-type': 'application/json' }, '{"id":2}'],
    [201, { 'content-type': 'application/json' }, '{"id":1}'],
    [200, { 'content-type': 'text/plain' }, '{"id":1}'],
    [200, { 'content-type': 'application/json' }, '{"id":1'],
    [200, { 'content-type': 'application/json' }, '{"__proto__":{"id":1}}'],
    [200, { 'content-type': 'application/json' }, 'null'],
  ])('is no JSON with the part that is asked for: %j', (status, headers, body) => {
    expect(unmetOf(() => answer(status, headers, body).mustHaveJson(200, { id: 1 })).expected).toBe(
      '200 and JSON with { id: 1 }',
    );
  });

  test('is not kept by a claim that throws over an answer nobody thought of', () => {
    expect(
      unmetOf(() =>
        answer(200, {}, 'null').must('a title', (got) => (got.json as { title: string }).title !== ''),
      ).expected,
    ).toBe('a title');
  });

  test('is told in a few hundred characters, whatever the program sends', () => {
    const headers = { 'content-type': 'x'.repeat(5000), location: 'y'.repeat(5000) };
    const unmet = unmetOf(() => answer(200, headers, 'z'.repeat(100_000)).mustBe(1));
    expect(unmet.got.length).toBeLessThan(1_000);
    const sent = describeSent({ ...EXCHANGE, headers: [['X', 'x'.repeat(9000)]], body: 'y'.repeat(9000) });
    expect(sent.length).toBeLessThan(700);
  });
});

describe('what was sent', () => {
  test('is one line, or the raw bytes', () => {
    expect(describeSent({ ...EXCHANGE, method: 'POST', body: '{"a":1}' })).toBe(
      String.raw`POST /x   Accept: */*   "{\"a\":1}"`,
    );
    expect(describeSent({ ...EXCHANGE, raw: String.raw`GET / HTTP/1.1\r\n` })).toBe(
      String.raw`GET / HTTP/1.1\r\n`,
    );
  });
});
