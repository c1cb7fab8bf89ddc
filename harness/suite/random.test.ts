import { describe, expect, test } from 'vitest';
import { Random } from './random.ts';

describe('Random', () => {
  const draw = (random: Random) => [
    random.next(),
    random.integer(1, 6),
    random.pick(['a', 'b', 'c']),
    random.shuffle([1, 2, 3, 4, 5]),
    random.word(),
    random.word(3),
  ];

  test('gives the same with the same seed, and something else with another', () => {
    expect(draw(new Random(7))).toEqual(draw(new Random(7)));
    expect(draw(new Random(7))).not.toEqual(draw(new Random(8)));
    expect(draw(new Random(7))).not.toEqual(draw(new Random(-7)));
  });

  test('gives what it gave in every version: a seed in a report can be used again', () => {
    const random = new Random(1);
    expect([random.word(), random.integer(1, 100), random.shuffle([1, 2, 3])]).toMatchInlineSnapshot(`
      [
        "qvknhkjg",
        33,
        [
          1,
          2,
          3,
        ],
      ]
    `);
  });

  test('keeps to its borders and reaches them', () => {
    const random = new Random(3);
    const drawn = Array.from({ length: 400 }, () => random.integer(-1, 2));
    expect(new Set(drawn)).toEqual(new Set([-1, 0, 1, 2]));
    expect(random.integer(5, 5)).toBe(5);
    for (let i = 0; i < 200; i++) expect(random.next()).toSatisfy((x: number) => x >= 0 && x < 1);
  });

  test('shuffles a copy, without losing anything', () => {
    const items = Object.freeze([1, 2, 3, 4, 5, 6, 7, 8]);
    const shuffled = new Random(5).shuffle(items);
    expect(new Set(shuffled)).toEqual(new Set(items));
    expect(shuffled).toHaveLength(items.length);
    expect(shuffled).not.toEqual(items);
    expect(new Random(5).shuffle([])).toEqual([]);
  });

  test('remembers its words, for those who must leave them out', () => {
    const random = new Random(5);
    const words = [random.word(), random.word(2)];
    expect(random.words).toEqual(words);
    expect(words[0]).toMatch(/^[a-z]{8}$/);
    expect(words[1]).toMatch(/^[a-z]{2}$/);
  });
});
