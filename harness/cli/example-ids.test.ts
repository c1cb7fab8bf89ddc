import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { examplesOf } from './example-ids.ts';

const EXAMPLES = 'npm run check 01-http-server, then npm run unlock 02-sql';

test.each([
  [['01-http-server', '02-sql', '10-testing'], EXAMPLES],
  [['01-http-server', '10-testing'], 'npm run check 01-http-server, then npm run unlock 10-testing'],
  [['04-jwt', '10-testing'], 'npm run check 04-jwt, then npm run unlock 10-testing'],
  [['04-jwt'], 'npm run check 04-jwt, then npm run unlock 04-jwt'],
  [[], EXAMPLES],
])('in a workbook with %j examples name what is there', (ids, text) => {
  const root = temporaryFolder();
  for (const id of ids) mkdirSync(join(root, 'exercises', id), { recursive: true });
  expect(examplesOf(root)(EXAMPLES)).toBe(text);
});
