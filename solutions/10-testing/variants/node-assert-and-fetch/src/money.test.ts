import assert from 'node:assert/strict';
import { it } from 'vitest';
import { parseMoney } from './money.js';

const AMOUNTS: Record<string, number> = {
  '12.50': 1250,
  '12': 1200,
  '12.5': 1250,
  '0.05': 5,
  '-3.10': -310,
  '-0.50': -50,
  ' 7.00 ': 700,
  '4.35': 435,
};

for (const [text, cents] of Object.entries(AMOUNTS))
  it(`parseMoney reads ${JSON.stringify(text)} as ${cents}`, () => {
    assert.equal(parseMoney(text), cents);
  });

for (const text of ['1.234', '', '.5', '5.', '1,5', '1e3', 'twelve'])
  it(`parseMoney refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseMoney(text), RangeError);
  });
