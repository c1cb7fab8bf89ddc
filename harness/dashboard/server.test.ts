import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeHints, writeSolution } from '../cli/testing/made-exercises.ts';
import { failed, sampleVerdict } from '../verdict/sample.ts';
import { readProgress } from './testing/progress.ts';
import { FORM, testSite } from './testing/site.ts';

const EVIL = 'http://evil.example';

describe('another website', () => {
  test('that points a name of its own at this machine reads nothing (DNS rebinding)', async () => {
    const { ask, port } = await testSite();
    for (const host of [
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      '',
    ]) {
      const answer = await ask('GET', '/', { Host: host });
      expect([host, answer.status]).toEqual([host, 403]);
      expect(answer.body).not.toContain('workbook-token');
    }
    expect((await ask('GET', '/', { Host: `localhost:${port}` })).status).toBe(200);
  });

  test('cannot send a form, with or without the token', async () => {
    const { ask, token, origin, root } = await testSite();
    const body = String(new URLSearchParams({ token }));
    const path = '/exercise/02-second/unlock';
    for (const [headers, text] of [
      [{ Origin: EVIL }, ''],
      [{ Origin: EVIL }, body],
      [{ Origin: 'null' }, body],
      [{ Origin: `${origin}.evil.example` }, body],
      [{ Origin: 'http://127.0.0.1:1' }, body],
      [{ Origin: origin, 'Sec-Fetch-Site': 'cross-site' }, body],
      [{ Origin: origin, 'Sec-Fetch-Site': 'same-site' }, body],
      [{ Origin: origin }, ''],
      [{ Origin: origin }, 'token=wrong'],
      [{ Origin: origin }, `token[]=${token}`],
      [{}, body],
    ] as const) {
      const answer = await ask('POST', path, { ...FORM, ...headers }, text);
      expect([headers, answer.status]).toEqual([headers, 403]);
    }
    expect(readProgress(root, '02-second').unlocked).toBe(false);
    expect((await ask('POST', path, { ...FORM, Origin: origin }, body)).status).toBe(303);
    expect(readProgress(root, '02-second').unlocked).toBe(true);
  });

  test('cannot fetch: neither pages, nor the script, nor the stream; and no answer allows another origin', async () => {
    const { ask, token } = await testSite();
    for (const path of ['/', '/exercise/01-first', '/assets/page.js', `/events?topic=map&token=${token}`]) {
      for (const headers of [
        { Origin: EVIL },
        { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' },
        { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' },
        { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' },
      ]) {
        const answer = await ask('GET', path, headers as Record<string, string>);
        expect([path, headers, answer.status]).toEqual([path, headers, 403]);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
    const preflight = await ask('OPTIONS', '/exercise/01-first/check', { Origin: EVIL });
    expect(preflight.status).toBe(403);
  });

  test('may link to the page, as a person follows links', async () => {
    const { ask } = await testSite();
    const visit = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    };
    expect((await ask('GET', '/', visit)).status).toBe(200);
  });

  test('gets no stream without the token', async () => {
    const { ask } = await testSite();
    for (const query of ['', '?token=', '?token=wrong', '?token=a&token=b']) {
      expect((await ask('GET', `/events${query}`)).status).toBe(403);
    }
  });
});

test('every answer forbids inline script, frames, sniffing and keeping', async () => {
  const { ask } = await testSite();
  for (const path of ['/', '/exercise/01-first', '/nowhere', '/assets/page.css']) {
    const { headers } = await ask('GET', path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  }
});

test('pages hold no inline script and no inline style', async () => {
  const { ask } = await testSite();
  for (const path of ['/', '/exercise/01-first', '/exercise/02-second', '/exercise/01-first/reset']) {
    const { body } = await ask('GET', path);
    expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|<style|\son[a-z]+=/i);
  }
});

test('it listens on the loopback address alone', async () => {
  const { port } = await testSite();
  const { networkInterfaces } = await import('node:os');
  const others = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of others) {
    const reached = await new Promise((resolve) => {
      const socket = createConnection({ host: address, port }, () => resolve('reached'));
      socket.once('error', () => resolve('refused')).once('close', () => socket.destroy());
    });
    expect(reached).toBe('refused');
  }
  expect(port).toBeGreaterThan(0);
});

test.each([
  '/exercise/..%2f..%2fpackage.json',
  '/exercise/../../package.json',
  '/assets/../../../package.json',
  '/assets/..%2f..%2fpackage.json',
  '/assets/%2e%2e/page.css',
  '/exercise/01-first/solution/../../../etc/passwd',
  '/exercise/%00',
  '/exercise/%zz',
])('an address that leads out of the page finds nothing: %s', async (path) => {
  const { ask, failures } = await testSite();
  const answer = await ask('GET', path);
  expect([400, 404]).toContain(answer.status);
  expect(answer.body).not.toContain('"version"');
  expect(failures).toEqual([]);
});

test('only files of the learner are opened', async () => {
  const { change } = await testSite();
  for (const file of [
    '../../../package.json',
    '/etc/passwd',
    'hidden/double.suite.ts',
    'src/../exercise.json',
    '',
  ]) {
    const answer = await change(
      '/exercise/01-first/open',
      { file, line: '1' },
      { Accept: 'application/json' },
    );
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, message: 'There is no such file of yours.' });
  }
  const answer = await change(
    '/exercise/01-first/open',
    { file: 'src/double.ts', line: '2' },
    { Accept: 'application/json' },
  );
  expect(JSON.parse(answer.body)).toMatchObject({
    ok: false,
    message: expect.stringContaining('No editor was found'),
  });
});

const SCRIPT = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;

test('a script in names, output, errors, answers and notes is text', async () => {
  const exchange = { method: 'GET', target: `/${SCRIPT}`, headers: [], body: SCRIPT, raw: null };
  const message = {
    sent: SCRIPT,
    expected: SCRIPT,
    got: `${SCRIPT} src/double.ts:1:1`,
    note: SCRIPT,
    often: SCRIPT,
  };
  const R1 = failed(
    { step: SCRIPT, ...message },
    { exchange, title: SCRIPT, citation: SCRIPT, cause: 'crashed' },
  );
  const verdict = sampleVerdict(
    { R1 },
    {
      notes: [SCRIPT],
      output: { text: SCRIPT, truncated: true },
      error: { kind: 'load', message: SCRIPT, frames: [{ file: SCRIPT, line: 1, column: 1, name: SCRIPT }] },
    },
  );
  const { ask, change, root } = await testSite((desk) =>
    Object.assign(desk, {
      judge: () => Promise.resolve({ verdict, untouched: false, recorded: true, opened: [SCRIPT] }),
    }),
  );
  const src = join(root, 'exercises', '01-first', 'src');
  writeFileSync(join(src, 'double.ts'), `${SCRIPT}\n`);
  writeFileSync(join(src, "a&amp;'b'.ts"), 'export {};\n');
  expect((await change('/exercise/01-first/check')).status).toBe(303);
  const { body } = await ask('GET', '/exercise/01-first');
  expect(body).toContain('In your code');
  expect(body.split('&#60;script&#62;').length).toBeGreaterThan(8);
  expect(body).toContain('a&#38;amp;&#39;b&#39;.ts');
  expect(body).not.toMatch(/<img|<script>|onerror=(?!alert\(1\)&#62;)/);
});

test('what turns the writing direction or moves a cursor is written out', async () => {
  const verdict = sampleVerdict({ R1: failed({ got: 'a\u202eb\u001b[2Jc' }) });
  const { ask, change } = await testSite((desk) =>
    Object.assign(desk, {
      judge: () => Promise.resolve({ verdict, untouched: false, recorded: true, opened: [] }),
    }),
  );
  await change('/exercise/01-first/check');
  expect((await ask('GET', '/exercise/01-first')).body).toContain('a\\u202eb\\x1b[2Jc');
});

test('a body that is too large or broken is refused, and the page goes on', async () => {
  const { ask, origin, failures } = await testSite();
  const headers = { ...FORM, Origin: origin };
  expect((await ask('POST', '/exercise/01-first/hint', headers, `a=${'x'.repeat(100_000)}`)).status).toBe(
    413,
  );
  expect((await ask('PUT', '/exercise/01-first', { Origin: origin })).status).toBe(405);
  expect((await ask('GET', '/')).status).toBe(200);
  expect(failures).toEqual([]);
});

test('without its script: a hint is shown and remembered, and a reset asks first', async () => {
  const { ask, change, root } = await testSite();
  writeHints(root, '01-first');
  const src = join(root, 'exercises', '01-first', 'src');
  writeFileSync(join(src, 'double.ts'), '// mine\n');
  const shown = await change('/exercise/01-first/hint', { rule: 'R1' });
  expect(shown.status).toBe(303);
  expect(readProgress(root, '01-first').hints.get('R1')).toBe(1);
  expect((await ask('GET', '/exercise/01-first')).body).toContain('<code>double</code>');
  expect((await ask('GET', '/exercise/01-first/reset')).body).toContain('becomes what it was');
});

test('the solution is shown after a word, never by a link alone', async () => {
  const { ask, change, root } = await testSite();
  writeSolution(root, '01-first');
  const before = await ask('GET', '/exercise/01-first/solution?way=sum');
  expect(before.body).not.toContain('value + value');
  expect(before.body).toContain('Show it anyway');
  expect(readProgress(root, '01-first').solutionShownAt).toBeNull();
  const asked = await change('/exercise/01-first/solution');
  expect(asked.headers['location']).toBe('/exercise/01-first/solution');
  expect((await ask('GET', '/exercise/01-first/solution')).body).toContain(
    'Two <code>times</code> the value',
  );
  expect((await ask('GET', '/exercise/01-first/solution?way=sum')).body).toContain('value + value');
  expect((await ask('GET', '/exercise/01-first/solution?way=..%2f..%2fstub')).status).toBe(404);
  expect((await ask('GET', '/exercise/02-second/solution')).status).toBe(403);
});

test('a locked exercise says why, and is opened from there', async () => {
  const { ask, change } = await testSite();
  expect((await ask('GET', '/exercise/02-second')).body).toContain('It builds on 01-first.');
  expect((await change('/exercise/02-second/check')).status).toBe(403);
  const skipped = await change('/exercise/01-first/skip', { back: '02-second' });
  expect(skipped.headers['location']).toMatch(/^\/exercise\/02-second\?said=/);
  const after = await ask('GET', String(skipped.headers['location']));
  expect(after.body).toContain('01-first is skipped.');
  expect(after.body).toContain('Check now');
  expect((await ask('GET', String(skipped.headers['location']))).body).not.toContain('is skipped.');
});

test('a place for progress that cannot be used is said on every page', async () => {
  const { ask } = await testSite((desk) => Object.assign(desk, { notes: () => ['Progress <is> not kept.'] }));
  expect((await ask('GET', '/')).body).toContain('Progress &#60;is&#62; not kept.');
});
