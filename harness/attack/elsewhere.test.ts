import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { programAttacks } from './attack.ts';
import { allRows, ELSEWHERE, elsewhereTable } from './elsewhere.ts';
import type { Holder } from './elsewhere.ts';
import { ROWS } from './rows.ts';
import { SUBMISSIONS } from './submissions.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** How many rows each letter of the list of threats has; a number that is left out belongs to no row. */
const LIST = { A: 9, B: 6, C: 6, D: 9, E: 9, F: 6, G: 6 };
const NO_ROW = ['G3'];

test('every row of the list of threats is tried, or held elsewhere', () => {
  const list = Object.entries(LIST).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  expect(allRows()).toEqual(list.filter((row) => !NO_ROW.includes(row)).toSorted());
});

test('every row of the table has an attack, and no attack has the name of another', () => {
  const all = [...programAttacks(), ...SUBMISSIONS];
  const tried = new Set(all.flatMap(({ tries }) => tries));
  expect([...tried].toSorted()).toEqual(Object.keys(ROWS).toSorted());
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(100);
});

const holders = Object.entries(ELSEWHERE).flatMap(([row, { tests }]) =>
  tests.map((each: Holder) => [row, each] as const),
);
test.each(holders)('%s is held by a test that is there', (_row, { file, test: name }) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(`test('${name}'`);
});

test('the table names each of them', () => {
  expect(elsewhereTable().match(/^\| [A-Z]\d /gm)).toHaveLength(Object.keys(ELSEWHERE).length);
});
