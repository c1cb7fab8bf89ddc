import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placed } from './page.ts';
import { play } from './screencast.ts';

test('the README shows what the commands really print', { timeout: 120_000 }, async () => {
  const root = process.cwd();
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  // To renew it: npm run screencast
  expect(placed(readme, await play(root))).toEqual({ ok: true, text: readme });
});
