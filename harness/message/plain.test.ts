import { describe, expect, test } from 'vitest';
import { decode, Dependency, describeError, encode, NotPlain, Opaque, RemoteError } from './plain.ts';

/** What arrives on the other side. */
function across(value: unknown): unknown {
  const decoded = decode(encode(value));
  if (!decoded.ok) throw new Error(`did not arrive: ${decoded.why}`);
  return decoded.value;
}

describe('values that arrive as they were', () => {
  test.each([
    null,
    true,
    false,
    0,
    -1.5,
    Number.MAX_VALUE,
    '',
    'ë € 🦊',
    '\u2028\0',
    undefined,
    Number.NaN,
    Infinity,
    -Infinity,
    -0,
    0n,
    -(2n ** 200n),
    [],
    [[], [[]]],
    [undefined, null],
  ])('%o', (value) => {
    expect(across(value)).toStrictEqual(value);
  });

  test('a lone surrogate', () => {
    expect(across('\ud800')).toBe('\ud800');
  });

  test('bytes, as a Buffer', () => {
    const bytes = Buffer.from([0, 255, 128]);
    expect(across(bytes)).toStrictEqual(bytes);
    expect(across(new Uint8Array(bytes))).toStrictEqual(bytes);
    expect(across(Buffer.alloc(0))).toStrictEqual(Buffer.alloc(0));
    expect(across(Buffer.concat([Buffer.alloc(9), bytes]).subarray(9))).toStrictEqual(bytes);
  });

  test('a date, also one before 1970 and one that is invalid', () => {
    expect(across(new Date(0))).toStrictEqual(new Date(0));
    expect(across(new Date(-1))).toStrictEqual(new Date(-1));
    expect(across(new Date(Number.NaN))).toStrictEqual(new Date(Number.NaN));
  });

  test('maps and sets, in order, with any keys', () => {
    const map = new Map<unknown, unknown>([
      [undefined, 1],
      [Number.NaN, [-0]],
      ['__proto__', new Map([[1n, new Set([null])]])],
    ]);
    expect(across(map)).toStrictEqual(map);
    expect(across(new Set(['b', 'a']))).toStrictEqual(new Set(['b', 'a']));
  });

  test('an object, without a prototype', () => {
    const arrived = across({ b: 1, a: { c: undefined } }) as object;
    expect(Object.getPrototypeOf(arrived)).toBeNull();
    expect(Object.entries(arrived)).toHaveLength(2);
    expect(arrived).toEqual({ b: 1, a: { c: undefined } });
    expect(Object.keys(arrived)).toEqual(['b', 'a']);
  });

  test.each(['$', '__proto__', 'constructor', 'toString', 'v', ''])('an object with the key %j', (key) => {
    const value = JSON.parse(
      `{ "before": 1, ${JSON.stringify(key)}: { "polluted": 1 }, "v": "date" }`,
    ) as object;
    const arrived = across(value) as Record<string, unknown>;
    expect(Object.entries(arrived).map(([name, item]) => [name, JSON.stringify(item)])).toEqual(
      Object.entries(value).map(([name, item]) => [name, JSON.stringify(item)]),
    );
    expect(Object.getPrototypeOf(arrived)).toBeNull();
  });

  test('an object that looks like a tag', () => {
    const forged = { $: 'dependency', v: ['clock', {}] };
    expect(across(forged)).toEqual(forged);
    expect(across(forged)).not.toBeInstanceOf(Dependency);
  });

  test('a dependency, with its options', () => {
    const arrived = across([new Dependency('folder', { files: { a: Buffer.from('x') }, at: '' })]) as [
      Dependency,
    ];
    expect(arrived[0]).toBeInstanceOf(Dependency);
    expect(arrived[0].kind).toBe('folder');
    expect(arrived[0].options).toEqual({ files: { a: Buffer.from('x') }, at: '' });
  });

  test('the same object twice, as two', () => {
    const shared = { a: 1 };
    const [one, two] = across([shared, shared]) as [object, object];
    expect(one).toEqual(two);
    expect(one).not.toBe(two);
  });

  test('a value 64 deep and a list of 99,999 entries', () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 64; i++) deep = [deep];
    expect(across(deep)).toEqual(deep);
    expect(across(Array.from({ length: 99_999 }, () => 0))).toHaveLength(99_999);
  });

  test('maps nested as deep as encode lets them be', () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 32; i++) deep = new Map([['k', deep]]);
    expect(across(deep)).toEqual(deep);
  });
});

describe('values that arrive as something else', () => {
  test('a hole in a list is undefined', () => {
    // oxlint-disable-next-line no-sparse-arrays
    expect(across([1, , 3])).toStrictEqual([1, undefined, 3]);
  });

  test('a getter is its value', () => {
    expect(
      across({
        get a() {
          return 1;
        },
      }),
    ).toEqual({ a: 1 });
  });

  test('an object that changes under the reader is what each field was once', () => {
    let reads = 0;
    const arrived = across({
      get a() {
        return ++reads;
      },
    }) as { a: number };
    expect([arrived.a, arrived.a, reads]).toEqual([1, 1, 1]);
  });

  test('toJSON is never called', () => {
    const arrived = across({ real: 1, toJSON: () => 'forged' }) as { real: number; toJSON: unknown };
    expect(arrived.real).toBe(1);
    expect(arrived.toJSON).toEqual(new Opaque('function', 'toJSON'));
  });

  test('an error is its name, message and code', () => {
    const error = Object.assign(new RangeError('too far'), { code: 'E_FAR', secret: 1 });
    expect(across([error])).toEqual([
      new RemoteError({ name: 'RangeError', message: 'too far', code: 'E_FAR' }),
    ]);
  });

  test('functions, classes and symbols are a type and a name', () => {
    expect(across(function named() {})).toEqual(new Opaque('function', 'named'));
    expect(across(class Named {})).toEqual(new Opaque('function', 'Named'));
    expect(across(Symbol('s'))).toEqual(new Opaque('symbol', 'Symbol(s)'));
  });

  test('a class instance is its own fields', () => {
    class Point {
      x = 1;
      get y(): number {
        return 2;
      }
    }
    expect(across(new Point())).toEqual({ x: 1 });
  });

  test('symbol keys, hidden fields and a prototype’s fields stay behind', () => {
    const value = Object.create({ inherited: 1 }, { hidden: { value: 1, enumerable: false } }) as object;
    expect(across(Object.assign(value, { [Symbol('s')]: 1, own: 1 }))).toEqual({ own: 1 });
  });
});

describe('values that cannot travel', () => {
  test('a cycle', () => {
    const list: unknown[] = [];
    list.push({ list });
    expect(() => encode(list)).toThrow(NotPlain);
    const map = new Map<string, unknown>();
    map.set('me', map);
    expect(() => encode(map)).toThrow('contains itself');
  });

  test('more than 64 deep', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 65; i++) deep = { deep };
    expect(() => encode(deep)).toThrow('64 deep');
  });

  test('more than 100,000 entries, however they are spread', () => {
    expect(() => encode(Array.from({ length: 100_001 }, () => 0))).toThrow(NotPlain);
    expect(() => encode(Array.from({ length: 400 }, () => Array.from({ length: 400 }, () => 0)))).toThrow(
      NotPlain,
    );
    expect(() => encode(new Set(Array.from({ length: 100_001 }, (_, i) => i)))).toThrow(NotPlain);
    // Refused by its length, before anyone walks over a thousand million holes.
    expect(() => encode(Object.assign([], { length: 1e9 }))).toThrow(NotPlain);
  });

  test('a proxy that throws brings its own error', () => {
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new RangeError('mine');
        },
      },
    );
    expect(() => encode({ proxy })).toThrow('mine');
  });

  test('an endless iterator of a subclass ends by the budget', () => {
    class Endless extends Set<number> {
      override *[Symbol.iterator](): SetIterator<number> {
        for (let i = 0; ; i++) yield i;
      }
    }
    expect(() => encode(new Endless())).toThrow(NotPlain);
  });
});

describe('texts of a hostile program', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['an unknown tag', '{"$":"eval","v":"1"}'],
    ['a tag that every object inherits', '{"$":"constructor","v":"1"}'],
    ['a tag that is null', '{"$":null}'],
    ['a tag that is an object', '{"$":{"$":"undefined"}}'],
    ['a number that is none', '{"$":"number","v":"1"}'],
    ['a number without its text', '{"$":"number"}'],
    ['a big integer with a sign too many', '{"$":"bigint","v":"--1"}'],
    ['a big integer in hexadecimal', '{"$":"bigint","v":"0x10"}'],
    ['a big integer of 10,001 digits', `{"$":"bigint","v":"${'9'.repeat(10_001)}"}`],
    ['a map that is no list', '{"$":"map","v":{"0":["a",1],"length":1}}'],
    ['a map of things that are no pairs', '{"$":"map","v":["ab"]}'],
    ['a set that is no list', '{"$":"set","v":"abc"}'],
    ['bytes that are no text', '{"$":"bytes","v":[1,2]}'],
    ['bytes that are a length', '{"$":"bytes","v":1000000000}'],
    ['an error without content', '{"$":"error"}'],
    ['an error that is null', '{"$":"error","v":null}'],
    ['an error with a message that is no text', '{"$":"error","v":{"name":"E","message":{},"code":null}}'],
    ['an object whose pairs are texts', '{"$":"object","v":["ab"]}'],
    ['an object whose key is no text', '{"$":"object","v":[[1,2]]}'],
    ['an opaque value without a label', '{"$":"opaque","v":["function"]}'],
    ['a list nested 200 deep', nested(200)],
    ['a list nested 500,000 deep', nested(500_000)],
    ['tags nested 100,000 deep', '{"$":"set","v":['.repeat(100_000)],
  ])('are refused and never throw: %s', (_, text) => {
    const decoded = decode(text);
    expect(decoded.ok).toBe(false);
    expect(decoded.ok ? '' : decoded.why).not.toBe('');
  });

  test('pollute no prototype', () => {
    const texts = [
      '{"__proto__":{"polluted":1}}',
      '{"$":"object","v":[["__proto__",{"polluted":1}]]}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"$":"map","v":[["__proto__",{"polluted":1}]]}',
      '{"$":"error","v":{"name":"E","message":"m","code":null,"__proto__":{"polluted":1}}}',
      '{"$":"undefined","__proto__":{"polluted":1}}',
      '[{"__proto__":{"__proto__":{"polluted":1}}}]',
    ];
    for (const text of texts) {
      const decoded = decode(text);
      expect(decoded.ok, `in ${text}`).toBe(true);
      expect(({} as { polluted?: number }).polluted, `in ${text}`).toBeUndefined();
      const value = decoded.ok ? (decoded.value as { polluted?: number } | undefined) : undefined;
      expect(value?.polluted, `in ${text}`).toBeUndefined();
    }
  });

  test('hold data only: nothing that arrives can be called, awaited or asked to show itself', () => {
    const decoded = decode('{"then":{"$":"opaque","v":["function","then"]},"toString":"x","valueOf":1}');
    expect(decoded.ok).toBe(true);
    const value = (decoded as { value: Record<string, unknown> }).value;
    expect(typeof value['then']).toBe('object');
    expect(value['then']).toBeInstanceOf(Opaque);
  });

  test('a date beyond what dates can say is an invalid one', () => {
    for (const v of ['1e999', '9e15', '"2031-01-01"', 'null', '{}']) {
      const decoded = decode(`{"$":"date","v":${v}}`);
      expect(decoded.ok && (decoded.value as Date).getTime(), `of ${v}`).toBeNaN();
    }
  });

  // A value of a subject may be handed back to it as an argument; a description of a dependency in it would then be
  // carried out on the trusted side.
  test('a description of a dependency is refused where a program’s values are read', () => {
    const text = '{"$":"dependency","v":["folder",{"files":null}]}';
    expect(decode(text, { dependencies: false }).ok).toBe(false);
    expect(decode(text, { dependencies: true }).ok).toBe(true);
  });
});

describe('describeError', () => {
  test('tells name, message and code', () => {
    expect(describeError(Object.assign(new TypeError('m'), { code: 42 }))).toEqual({
      name: 'TypeError',
      message: 'm',
      code: '42',
    });
  });

  test('tells what was thrown when it is no error', () => {
    expect(describeError('text')).toEqual({ name: 'string', message: 'text', code: null });
    expect(describeError(null)).toEqual({ name: 'null', message: 'null', code: null });
    expect(describeError(undefined)).toEqual({ name: 'undefined', message: 'undefined', code: null });
    expect(describeError(Object.create(null)).name).toBe('object');
  });

  test('is never stopped by an error that throws when it is looked at', () => {
    class Nasty extends Error {
      override get name(): string {
        throw new Error('name');
      }
      override get message(): string {
        throw new Error('message');
      }
      get code(): string {
        throw new Error('code');
      }
    }
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const thrown of [
      new Nasty(),
      revoked.proxy,
      Object.assign(new Error('m'), { name: Object.create(null) }),
    ]) {
      expect(typeof describeError(thrown).message).toBe('string');
    }
  });

  test('cuts a message that would not fit into one reply', () => {
    expect(describeError(new Error('x'.repeat(3_000_000))).message.length).toBeLessThanOrEqual(2_000);
  });
});
