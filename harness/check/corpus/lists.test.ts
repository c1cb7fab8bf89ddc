import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as lists from './lists.ts';
import { corpusFolder } from './workbook.ts';

test('every folder of the corpus is on a list, once, and every subject on a list is there', () => {
  const folders = readdirSync(corpusFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const listed = Object.values(lists).flatMap((list) => list.map(({ name }) => name));
  expect(listed.toSorted()).toEqual(folders.toSorted());
});
