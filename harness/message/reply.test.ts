import { describe, expect, test } from 'vitest';
import { parseHostMessage } from './reply.ts';

const ERROR = { name: 'TypeError', message: 'no', code: null, stack: null };

function parse(value: unknown): unknown {
  return parseHostMessage(JSON.stringify(value));
}

describe('what fits', () => {
  test.each([
    { id: 1, result: { kind: 'loaded', exports: { createServer: 'function' } } },
    { id: 2, result: { kind: 'value', value: '1' } },
    {
      id: 3,
      result: { kind: 'kept', shape: { type: 'object', server: true, callable: false, listening: false } },
    },
    { id: 4, result: { kind: 'threw', error: { ...ERROR, code: 'E', stack: 'at x' } } },
    { id: 5, result: { kind: 'port', port: 65_535 } },
    { id: 6, result: { kind: 'count', count: 0 } },
    { id: 7, result: { kind: 'done' } },
    { id: 8, result: { kind: 'cannot', why: 'a reason' } },
    { event: 'ready', node: 'v20.20.2' },
    { event: 'uncaught', origin: 'uncaughtException', error: ERROR },
  ])('is taken as it is: %j', (message) => {
    expect(parse(message)).toEqual(message);
  });

  test('loses fields that the protocol does not have', () => {
    expect(parse({ id: 1, extra: 1, result: { kind: 'done', why: 'x' } })).toEqual({
      id: 1,
      result: { kind: 'done' },
    });
  });
});

describe('what does not fit', () => {
  test.each([
    ['no JSON', 'hello'],
    ['an empty text', ''],
    ['half a message', '{"id":1,"result":{"kind":"do'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[{"id":1,"result":{"kind":"done"}}]'],
    ['a result without an id', '{"result":{"kind":"done"}}'],
    ['an id as text', '{"id":"1","result":{"kind":"done"}}'],
    ['an id with a fraction', '{"id":1.5,"result":{"kind":"done"}}'],
    ['an id beyond the safe integers', '{"id":1e300,"result":{"kind":"done"}}'],
    ['an unknown kind', '{"id":1,"result":{"kind":"passed"}}'],
    ['a kind that every object inherits', '{"id":1,"result":{"kind":"constructor"}}'],
    ['a result that is a list', '{"id":1,"result":[]}'],
    ['a value that is no text', '{"id":1,"result":{"kind":"value","value":{"a":1}}}'],
    ['port 0', '{"id":1,"result":{"kind":"port","port":0}}'],
    ['port 65536', '{"id":1,"result":{"kind":"port","port":65536}}'],
    ['a port with a fraction', '{"id":1,"result":{"kind":"port","port":80.5}}'],
    ['an endless count', '{"id":1,"result":{"kind":"count","count":1e999}}'],
    ['exports that are no texts', '{"id":1,"result":{"kind":"loaded","exports":{"a":1}}}'],
    [
      'an error without a stack',
      '{"id":1,"result":{"kind":"threw","error":{"name":"E","message":"m","code":null}}}',
    ],
    [
      'a code that is a number',
      '{"event":"uncaught","origin":"o","error":{"name":"E","message":"m","code":1,"stack":null}}',
    ],
    ['an unknown event', '{"event":"passed","rule":"R1"}'],
    ['a very deep message', '['.repeat(400_000)],
  ])('is null: %s', (_, text) => {
    expect(parseHostMessage(text)).toBeNull();
  });

  test('a `__proto__` key changes no prototype, neither its own object’s nor everyone’s', () => {
    const parsed = parseHostMessage(
      '{"id":1,"__proto__":{"polluted":1},"result":{"kind":"loaded","exports":{"__proto__":"function","constructor":"function"}}}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((parsed as { polluted?: number } | null)?.polluted).toBeUndefined();
  });
});

describe('what is long', () => {
  // A stack is searched line by line and a message is printed: a host may not decide how long that takes.
  test('the texts of an error are cut to what is read and shown', () => {
    const long = 'x'.repeat(500_000);
    const parsed = parseHostMessage(
      JSON.stringify({
        event: 'uncaught',
        origin: 'o',
        error: { name: long, message: long, code: null, stack: long },
      }),
    );
    const error = (parsed as { error: { name: string; message: string; stack: string } }).error;
    expect(error.name.length).toBeLessThanOrEqual(200);
    expect(error.message.length).toBeLessThanOrEqual(2_000);
    expect(error.stack.length).toBeLessThanOrEqual(20_000);
  });
});
