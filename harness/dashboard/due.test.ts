import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testSite } from './testing/site.ts';

function assign(lines: string): (root: string) => void {
  return (root) => {
    mkdirSync(join(root, 'assignments'));
    writeFileSync(
      join(root, 'assignments', 'week-1.yaml'),
      `schema: 1\ntitle: "<b>Week 1"\ntimezone: UTC\n${lines}\nexercises:\n  - id: 02-second\n`,
    );
  };
}

test('the map and the page of an exercise tell when it is due, and it is open', async () => {
  const { ask } = await testSite(undefined, assign('due: 2100-01-01 12:00'));
  const words = /due Fri 1 Jan 2100 12:00 UTC, in \d+ days \(&#60;b&#62;Week 1\)/;
  const map = (await ask('GET', '/')).body.replace(/\s+/g, ' ');
  expect(map).toMatch(/Next: <a href="\/exercise\/02-second">02-second<\/a> is due/);
  expect(map).toMatch(new RegExp(`<p class="due">${words.source}</p>`));
  const page = (await ask('GET', '/exercise/02-second')).body;
  expect(page).toMatch(words);
  expect(page).not.toContain('Open this one now');
});

test('before it opens, the page of an exercise is locked and says when it opens', async () => {
  const { ask } = await testSite(undefined, assign('opens: 2100-01-01 12:00'));
  const page = (await ask('GET', '/exercise/02-second')).body;
  expect(page).toContain('Open this one now');
  expect(page).toMatch(/It opens Fri 1 Jan 2100 12:00 UTC, in \d+ days/);
});
