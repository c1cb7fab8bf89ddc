import { expect, test } from 'vitest';
import { readProgress } from './testing/progress.ts';
import { testSite } from './testing/site.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

test('what was exported is imported elsewhere', async () => {
  const from = await testSite();
  await from.change('/exercise/02-second/unlock');
  const exported = await from.ask('GET', '/history/progress.json');
  expect(exported.headers['content-disposition']).toContain('attachment');
  const to = await testSite();
  const headers = { ...JSON_TYPE, Origin: to.origin, 'X-Workbook-Token': to.token };
  const imported = await to.ask('POST', '/history/import', headers, exported.body);
  expect(JSON.parse(imported.body)).toMatchObject({ ok: true, message: 'Imported: 0 checks were new.' });
  expect(readProgress(to.root, '02-second').unlocked).toBe(true);
});

test('an import without the token, from elsewhere, or of something else changes nothing', async () => {
  const { ask, origin, token, root } = await testSite();
  const document = JSON.stringify({ kind: 'backend-workbook-progress', schema: 1 });
  const post = async (headers: Record<string, string>, body = document) =>
    (await ask('POST', '/history/import', { ...JSON_TYPE, ...headers }, body)).status;
  expect(await post({ Origin: origin })).toBe(403);
  expect(await post({ Origin: 'http://evil.example', 'X-Workbook-Token': token })).toBe(403);
  expect(await post({ Origin: origin, 'X-Workbook-Token': token }, '{')).toBe(400);
  const refused = await ask(
    'POST',
    '/history/import',
    { ...JSON_TYPE, Origin: origin, 'X-Workbook-Token': token },
    document,
  );
  expect(JSON.parse(refused.body)).toMatchObject({ ok: false });
  expect(readProgress(root, '02-second').unlocked).toBe(false);
});

test('without a script the text of an export is pasted, and the page that follows says what came of it', async () => {
  const from = await testSite();
  await from.change('/exercise/02-second/unlock');
  const { body: document } = await from.ask('GET', '/history/progress.json');
  const to = await testSite();
  expect((await to.ask('GET', '/history')).body).toContain('name="document"');
  const imported = await to.change('/history/import', { document: `\r\n${document}\r\n` });
  expect(imported.status).toBe(303);
  const after = await to.ask('GET', String(imported.headers['location']));
  expect(after.body).toContain('Imported: 0 checks were new.');
  expect(readProgress(to.root, '02-second').unlocked).toBe(true);
});

test.each<[string, Record<string, string>, number, RegExp]>([
  ['half a file', { document: '{"kind":' }, 303, /nothing was changed/],
  ['nothing', {}, 303, /nothing was changed/],
  ['something else', { document: '{"kind":"shopping"}' }, 303, /class="notice"/],
  ['no token', { token: 'wrong', document: '{}' }, 403, /earlier start/],
  ['more than any progress', { document: ' '.repeat(17 * 1024 * 1024) }, 413, /could not be read/],
])('a pasted import of %s changes nothing, and says so', async (_what, fields, status, said) => {
  const { ask, change, failures } = await testSite();
  const answer = await change('/history/import', fields);
  expect(answer.status).toBe(status);
  const shown = status === 303 ? await ask('GET', String(answer.headers['location'])) : answer;
  expect(shown.body).toMatch(said);
  expect(failures).toEqual([]);
});

test('an export is for the page alone', async () => {
  const { ask } = await testSite();
  const answer = await ask('GET', '/history/progress.json', { Origin: 'http://evil.example' });
  expect(answer.status).toBe(403);
});

test.each(['', '?before=abc', '?before=-1', '?before=1&before=2', '?before=99999999999999999999'])(
  'the history is there, whatever it is asked for: %s',
  async (query) => {
    const { ask, failures } = await testSite();
    expect((await ask('GET', `/history${query}`)).status).toBe(200);
    expect(failures).toEqual([]);
  },
);
