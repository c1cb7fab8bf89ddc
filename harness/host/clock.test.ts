import { afterEach, describe, expect, test, vi } from 'vitest';
import { installDate, MovedClock } from './clock.ts';

const NOW = Date.UTC(2031, 4, 6, 7, 8, 9);

function clockAt(now = 0): MovedClock {
  const clock = new MovedClock();
  clock.reset(now);
  return clock;
}

describe('a clock that flows', () => {
  afterEach(() => vi.useRealTimers());

  test('is the machine’s, wakes who slept before and who sleeps now, and stands again after a reset', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const clock = clockAt(NOW);
    const woken: string[] = [];
    void clock.subject.sleep(300).then(() => woken.push('before'));
    clock.flow();
    expect(Math.abs(clock.subject.now() - Date.now())).toBeLessThan(5_000);
    void clock.subject.sleep(200).then(() => woken.push('now'));
    // Longer than a timer can be: it must not end at once.
    void clock.subject.sleep(2 ** 40).then(() => woken.push('never'));
    await vi.advanceTimersByTimeAsync(250);
    expect(woken).toEqual(['now']);
    await vi.advanceTimersByTimeAsync(100);
    expect(woken).toEqual(['now', 'before']);
    clock.reset(NOW);
    expect(clock.now()).toBe(NOW);
  });
});

describe('sleepers', () => {
  test('wake in the order of their time, not in that of their coming', async () => {
    const clock = clockAt();
    const woken: string[] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
    ] as const) {
      void clock.subject.sleep(ms).then(() => woken.push(name));
    }
    await clock.advance(30);
    expect(woken).toEqual(['a', 'b', 'c']);
  });

  test('of the same instant wake in the order of their coming', async () => {
    const clock = clockAt();
    const woken: number[] = [];
    for (let i = 0; i < 20; i++) void clock.subject.sleep(5).then(() => woken.push(i));
    await clock.advance(5);
    expect(woken).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('wake at their own instant, and the clock ends where it was sent', async () => {
    const clock = clockAt(1000);
    const seen: number[] = [];
    for (const ms of [40, 10]) void clock.subject.sleep(ms).then(() => seen.push(clock.subject.now()));
    await clock.advance(100);
    expect([...seen, clock.subject.now()]).toEqual([1010, 1040, 1100]);
  });

  test('wake exactly at their time and not one millisecond before', async () => {
    const clock = clockAt();
    let awake = false;
    void clock.subject.sleep(300).then(() => (awake = true));
    await clock.advance(299);
    expect(awake).toBe(false);
    await clock.advance(1);
    expect(awake).toBe(true);
  });

  test('that sleep again within the span are woken again, at the right instants', async () => {
    const clock = clockAt();
    const seen: number[] = [];
    const loop = async () => {
      for (let i = 0; i < 4; i++) {
        await clock.subject.sleep(25);
        seen.push(clock.subject.now());
      }
    };
    void loop();
    await clock.advance(80);
    expect(seen).toEqual([25, 50, 75]);
    await clock.advance(20);
    expect(seen).toEqual([25, 50, 75, 100]);
  });

  test('that sleep inside a sleep of another keep the common order', async () => {
    const clock = clockAt();
    const seen: string[] = [];
    const note = (name: string) => seen.push(`${name}@${clock.now()}`);
    void clock.subject.sleep(10).then(async () => {
      note('outer');
      await clock.subject.sleep(5);
      note('inner');
    });
    void clock.subject.sleep(12).then(() => note('between'));
    void clock.subject.sleep(20).then(() => note('last'));
    await clock.advance(20);
    expect(seen).toEqual(['outer@10', 'between@12', 'inner@15', 'last@20']);
  });

  test.each([0, -5, Number.NaN, -Infinity, Infinity])(
    'of %s milliseconds wake with the next move',
    async (ms) => {
      const clock = clockAt();
      let awake = false;
      void clock.subject.sleep(ms).then(() => (awake = true));
      await Promise.resolve();
      expect(awake).toBe(false);
      await clock.advance(0);
      expect(awake).toBe(true);
    },
  );

  test('of an earlier rule are forgotten by a reset', async () => {
    const clock = clockAt();
    let awake = false;
    void clock.subject.sleep(10).then(() => (awake = true));
    clock.reset(5000);
    await clock.advance(100_000);
    expect(awake).toBe(false);
    expect(clock.now()).toBe(105_000);
  });

  // A rule that hung leaves its move unfinished; the next rule sets the clock and must find it there.
  test('that never stop sleeping do not move the clock of the next rule', async () => {
    const clock = clockAt();
    let stop = false;
    const forever = async () => {
      while (!stop) await clock.subject.sleep(0);
    };
    void forever();
    const unfinished = clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
    clock.reset(NOW);
    stop = true;
    await unfinished;
    expect(clock.now()).toBe(NOW);
  });

  test('can be slept with functions taken off the clock', async () => {
    // oxlint-disable-next-line typescript/unbound-method -- this is what is tried
    const { now, sleep } = clockAt(7).subject;
    expect(now()).toBe(7);
    expect(sleep(1)).toBeInstanceOf(Promise);
  });
});

describe('waiting', () => {
  test('is over when enough sleepers hang on the clock', async () => {
    const clock = clockAt();
    let reached = false;
    const waiting = clock.waiting(2).then(() => (reached = true));
    void clock.subject.sleep(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reached).toBe(false);
    void clock.subject.sleep(1);
    await waiting;
    expect(reached).toBe(true);
  });

  test('is over at once when they hang there already, or none is wanted', async () => {
    const clock = clockAt();
    await clock.waiting(0);
    void clock.subject.sleep(1);
    await clock.waiting(1);
    await clock.waiting(1);
    expect(clock.now()).toBe(0);
  });

  test('counts only those that still sleep', async () => {
    const clock = clockAt();
    void clock.subject.sleep(1);
    await clock.advance(1);
    let reached = false;
    void clock.waiting(1).then(() => (reached = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(reached).toBe(false);
  });
});

describe('Date', () => {
  const RealDate = Date;

  afterEach(() => {
    globalThis.Date = RealDate;
    Object.defineProperty(RealDate.prototype, 'constructor', { value: RealDate });
  });

  function installed(now = NOW): MovedClock {
    const clock = clockAt(now);
    installDate(clock);
    return clock;
  }

  test('reads the clock', async () => {
    const clock = installed();
    expect(Date.now()).toBe(NOW);
    expect(new Date().getTime()).toBe(NOW);
    expect(Reflect.construct(Date, []).getTime()).toBe(NOW);
    await clock.advance(1500);
    expect(Date.now()).toBe(NOW + 1500);
    expect(new Date().toISOString()).toBe('2031-05-06T07:08:10.500Z');
  });

  test('called without new is the text of now', () => {
    installed();
    expect((Date as unknown as () => string)()).toBe(new RealDate(NOW).toString());
    expect((Date as unknown as (year: number) => string)(1999)).toBe(new RealDate(NOW).toString());
  });

  test('with arguments is what it always was', () => {
    installed();
    expect(new Date(0).getTime()).toBe(0);
    expect(new Date('2020-02-03T04:05:06Z').getTime()).toBe(RealDate.UTC(2020, 1, 3, 4, 5, 6));
    expect(new Date(2020, 1, 3).getTime()).toBe(new RealDate(2020, 1, 3).getTime());
    expect(new Date(new Date(5)).getTime()).toBe(5);
    expect(new Date(undefined as unknown as number).getTime()).toBeNaN();
    expect(new Date('nonsense').getTime()).toBeNaN();
    expect(Date.parse('1970-01-01T00:00:01Z')).toBe(1000);
    expect(Date.UTC(1970, 0, 2)).toBe(86_400_000);
  });

  test('knows its own instances, and those made before', () => {
    const before = new RealDate(1);
    installed();
    expect(new Date()).toBeInstanceOf(Date);
    expect(before).toBeInstanceOf(Date);
    expect(new Date()).toBeInstanceOf(RealDate);
    expect({}).not.toBeInstanceOf(Date);
    expect(Object.prototype.toString.call(new Date())).toBe('[object Date]');
    expect(Object.getPrototypeOf(new Date())).toBe(Date.prototype);
  });

  test('is the constructor of its instances', () => {
    installed();
    expect(new Date().constructor).toBe(Date);
    expect(Date.prototype.constructor).toBe(Date);
    expect(Reflect.construct(new Date(0).constructor, []).getTime()).toBe(NOW);
    expect(Object.keys(Date.prototype)).toEqual([]);
  });

  test('can be extended', () => {
    installed();
    class Day extends Date {
      get day(): string {
        return this.toISOString().slice(0, 10);
      }
      static tomorrow(): Day {
        return new this(this.now() + 86_400_000);
      }
    }
    expect(new Day().day).toBe('2031-05-06');
    expect(new Day(0).day).toBe('1970-01-01');
    expect(Day.tomorrow().day).toBe('2031-05-07');
    expect(new Day()).toBeInstanceOf(Day);
    expect(new Day()).toBeInstanceOf(Date);
    expect(new Day().constructor).toBe(Day);
    expect(Day.now()).toBe(NOW);
  });

  test('keeps its name, its arity and its arithmetic', () => {
    installed();
    expect([Date.name, Date.length, typeof Date]).toEqual(['Date', 7, 'function']);
    expect(+new Date(10) - +new Date(4)).toBe(6);
    expect(`${new Date(0).toISOString()}`).toBe('1970-01-01T00:00:00.000Z');
    expect(JSON.stringify({ d: new Date(0) })).toBe('{"d":"1970-01-01T00:00:00.000Z"}');
    const date = new Date();
    date.setUTCFullYear(2000);
    expect(date.toISOString()).toBe('2000-05-06T07:08:09.000Z');
  });

  test('can be cloned, and its `now` can be taken off it', () => {
    installed();
    const { now } = Date;
    expect(now()).toBe(NOW);
    expect([1, 2].map(Date.now)).toEqual([NOW, NOW]);
    const clone = structuredClone(new Date());
    expect(clone.getTime()).toBe(NOW);
    expect(clone).toBeInstanceOf(Date);
  });
});
