import { expect, test } from 'vitest';
import { once } from './once.ts';

test('what is dear is made when it is first asked for, and not again', () => {
  let count = 0;
  const make = () => ({ number: ++count });
  expect(once('a pair', make)).toBe(once('a pair', make));
  expect(once('another pair', make)).toEqual({ number: 2 });
});
