import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLook } from './look.ts';
import { testSite } from './testing/site.ts';

test('the colours are those of the system until others are chosen, and then they stay', async () => {
  const { ask, change, origin, root } = await testSite();
  expect((await ask('GET', '/')).body).toContain('data-look="system"');
  const changed = await change('/look', { look: 'dark' }, { Referer: `${origin}/quiz?section=2` });
  expect([changed.status, changed.headers.location]).toEqual([303, '/quiz?section=2']);
  const { body } = await ask('GET', '/history');
  // In the first bytes of the page, so that no other colours are seen before.
  expect(body).toMatch(/^<!doctype html>\s*<html lang="en" data-look="dark">/);
  expect(body).toContain('<meta name="color-scheme" content="dark" />');
  expect(readLook(root)).toBe('dark');
});

test.each(['//evil.example/x', 'http://evil.example/', 'http://evil.example:80/quiz', 'nonsense', ''])(
  'after the choice it goes on at a page of ours, whatever the browser names: %j',
  async (referer) => {
    const { change } = await testSite();
    const { headers } = await change('/look', { look: 'light' }, { Referer: referer });
    expect(headers.location).toBe('/');
  },
);

test('what is no look, or comes without the token, changes nothing', async () => {
  const { ask, change, origin, root } = await testSite();
  await change('/look', { look: 'dark' });
  await change('/look', { look: '"><script>' });
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: origin };
  expect((await ask('POST', '/look', form, 'look=light')).status).toBe(403);
  expect(readLook(root)).toBe('dark');
});

test('a damaged file of it counts as nothing chosen', async () => {
  const { ask } = await testSite(undefined, (root) => {
    mkdirSync(join(root, '.workbook'), { recursive: true });
    writeFileSync(join(root, '.workbook', 'look.json'), '{ "schema": 1, "look": "pink" }');
  });
  expect((await ask('GET', '/')).body).toContain('data-look="system"');
});
