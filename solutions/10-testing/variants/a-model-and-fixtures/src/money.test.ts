import { describe, expect, it } from 'vitest';
import { parseMoney } from './money.js';

/** The opposite of parseMoney, with two digits or as few as possible. */
function written(cents: number, isShort: boolean): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const text = `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return isShort ? text.replace(/\.?0{1,2}$/, '') : text;
}

describe('parseMoney', () => {
  it('reads what was written, with two digits or as few as possible', () => {
    const amounts = [-200, -110, -100, -99, -50, -30, -7, 3, 40, 99, 100, 105, 250, 999_999_999_999];
    for (const cents of amounts)
      for (const isShort of [true, false])
        expect({ text: written(cents, isShort), cents: parseMoney(written(cents, isShort)) }).toEqual({
          text: written(cents, isShort),
          cents,
        });
  });

  it.for(['1.234', '1.', '.1', '', 'EUR 1', '1 2', '1.2.3', '--1', '+1'])('refuses %j', (text) => {
    expect(() => parseMoney(text)).toThrowError(RangeError);
  });
});
