// canary b3f1ca9545934f167644a511
import { rule, step } from '#suite';
import type { Answer } from '#suite';
import { openServer, requestText, SECRET } from './stage.ts';

rule('R1', async (t) => {
  const app = await openServer(t);
  await step(t, 'GET /health', async () => {
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' });
  });
});

rule('R2', async (t) => {
  const app = await openServer(t);
  await step(t, 'nobody is named', async () => mustGreet(await app.get('/hello'), 'World'));
  const name = capital(t.random.word());
  await step(t, 'somebody is named', async () => mustGreet(await app.get(`/hello?name=${name}`), name));
});

rule('R3', async (t) => {
  const app = await openServer(t);
  await step(t, 'the known path still works', async () => (await app.get('/health')).mustBe(200));
  await step(t, 'an unknown path', async () => (await app.get(`/${t.random.word()}`)).mustBe(404));
  await step(t, 'a path that only begins like a known one', async () =>
    (await app.get('/healthy')).mustBe(404),
  );
  for (const name of ['time', 'hello', 'echo', 'slow', 'boom']) {
    await step(t, `a path that only begins like a known one: /${name}ly`, async () =>
      (await app.get(`/${name}ly`)).mustBe(404),
    );
    await step(t, `a path that only ends like a known one: /old/${name}`, async () =>
      (await app.get(`/old/${name}`)).mustBe(404),
    );
  }
  await step(t, 'a path that only ends like that of a file', async () =>
    (await app.get('/old/files/hello.txt')).mustBe(404),
  );
});

rule('R4', async (t) => {
  const app = await openServer(t);
  const first = capital(t.random.word());
  const last = capital(t.random.word());
  await step(t, 'a query on /health', async () => {
    (await app.get(`/health?${t.random.word()}=1`)).mustHaveJson(200, { status: 'ok' });
  });
  await step(t, 'another parameter before name', async () =>
    mustGreet(await app.get(`/hello?x=1&name=${first}`), first),
  );
  await step(t, 'a space written as %20', async () => {
    mustGreet(await app.get(`/hello?name=${first}%20${last}`), `${first} ${last}`);
  });
  await step(t, 'a space written as +', async () => {
    mustGreet(await app.get(`/hello?name=${first}+${last}`), `${first} ${last}`);
  });
  await step(t, 'spaces at the ends of a name', async () => {
    mustGreet(await app.get(`/hello?name=%20${first}++`), ` ${first}  `);
  });
  await step(t, 'signs written as %2B, %26 and %3D', async () => {
    mustGreet(await app.get(`/hello?name=${first}%2B%26%3D${last}`), `${first}+&=${last}`);
  });
  await step(t, 'a percent sign written as %25', async () => {
    mustGreet(await app.get(`/hello?name=${first}%2541${last}`), `${first}%41${last}`);
  });
});

rule('R5', async (t) => {
  const app = await openServer(t);
  const word = t.random.word();
  for (const name of [`Zoë ${word}`, `李小龍 ${word}`, `🦊 ${word} e\u0301`]) {
    await step(t, 'a name outside ASCII', async () => {
      mustGreet(await app.get(`/hello?name=${encodeURIComponent(name)}`), name);
    });
  }
});

rule('R6', async (t) => {
  const app = await openServer(t);
  const cases = [
    ['DELETE', '/health', 'GET'],
    ['POST', '/hello', 'GET'],
    ['PUT', '/echo', 'POST'],
    ['GET', '/echo', 'POST'],
    ['POST', '/files/hello.txt', 'GET'],
    ['POST', '/time', 'GET'],
    ['PUT', '/slow', 'GET'],
    ['POST', '/boom', 'GET'],
  ] as const;
  for (const [method, path, allowed] of cases) {
    await step(t, `${method} ${path}`, async () => {
      const answer = await app.request(method, path);
      answer.must(
        `405 with an Allow header that names ${allowed}`,
        () => answer.status === 405 && answer.list('allow').includes(allowed),
      );
    });
  }
  await step(t, 'an unknown path stays 404', async () =>
    (await app.request('DELETE', `/${t.random.word()}`)).mustBe(404),
  );
});

rule('R7', async (t) => {
  const app = await openServer(t);
  const word = t.random.word();
  const values: [string, unknown][] = [
    ['an object', { word, list: [1, 2.5, -3], nested: { deep: [true, null, ''] } }],
    ['a list', [word, 'Zoë', '🦊']],
    ['a string', word],
    ['an empty string', ''],
    ['the number 0', 0],
    ['false', false],
    ['null', null],
  ];
  for (const [what, json] of values) {
    await step(t, `JSON comes back: ${what}`, async () => mustEcho(await app.post('/echo', { json }), json));
  }
  await step(t, 'a media type with a parameter', async () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    mustEcho(await app.post('/echo', { headers, body: JSON.stringify({ word }) }), { word });
  });
  await step(t, 'a media type in capital letters', async () => {
    const headers = { 'Content-Type': 'Application/JSON' };
    mustEcho(await app.post('/echo', { headers, body: JSON.stringify({ word }) }), { word });
  });
  for (const [what, body] of [
    ['broken off', '{"name": '],
    ['not JSON at all', 'name=Ada'],
    ['empty', ''],
  ] as const) {
    await step(t, `a body that is ${what}`, async () => {
      (await app.post('/echo', { headers: { 'Content-Type': 'application/json' }, body })).mustBe(400);
    });
  }
  await step(t, 'another media type', async () => {
    (await app.post('/echo', { headers: { 'Content-Type': 'text/plain' }, body: '{"a":1}' })).mustBe(415);
    (await app.post('/echo', { headers: { 'Content-Type': 'application/xml' }, body: '<a/>' })).mustBe(415);
  });
  await step(t, 'the next request after the refusals', async () =>
    mustEcho(await app.post('/echo', { json: word }), word),
  );
});

rule('R8', async (t) => {
  const app = await openServer(t);
  for (const label of ['the handler throws', 'the handler throws again']) {
    await step(t, label, async () => {
      const answer = await app.get('/boom');
      answer.mustBe(500);
      answer.must('a body without the message of the error', () => !answer.text.includes('on fire'));
      answer.must('a body without a stack trace or a file path', () => !tellsInside(answer.text));
    });
  }
  await step(t, 'the server is still there', async () =>
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' }),
  );
});

rule('R9', async (t) => {
  const name = `${t.random.word()}.txt`;
  const spaced = `${t.random.word()} ${t.random.word()}.txt`;
  const bytes = Buffer.from([0, 255, 10, 13, 10, 128, 195, 40, t.random.integer(0, 255)]);
  const text = `${t.random.word()}\nZoë\n`;
  const app = await openServer(t, {
    [name]: text,
    [spaced]: 'with a space',
    'a+b.txt': 'with a plus',
    'picture.bin': bytes,
    'a..b.txt': 'with two dots',
    'Zoë (1).txt': 'with other letters',
    'empty.txt': '',
  });
  await step(t, 'a text file', async () => mustServe(await app.get(`/files/${name}`), Buffer.from(text)));
  await step(t, 'a file that is not text', async () => mustServe(await app.get('/files/picture.bin'), bytes));
  await step(t, 'a name with a space, written as %20', async () => {
    mustServe(await app.get(`/files/${encodeURIComponent(spaced)}`), Buffer.from('with a space'));
  });
  await step(t, 'a name with a plus sign', async () => {
    mustServe(await app.get('/files/a+b.txt'), Buffer.from('with a plus'));
  });
  for (const [what, odd, content] of [
    ['a name with two dots in it', 'a..b.txt', 'with two dots'],
    ['a name outside ASCII', 'Zoë (1).txt', 'with other letters'],
    ['an empty file', 'empty.txt', ''],
  ] as const) {
    await step(t, what, async () =>
      mustServe(await app.get(`/files/${encodeURIComponent(odd)}`), Buffer.from(content)),
    );
  }
  await step(t, 'a file that is not there', async () =>
    (await app.get(`/files/${t.random.word()}.txt`)).mustBe(404),
  );
  await step(t, 'a name longer than that of any file', async () =>
    (await app.get(`/files/${'a'.repeat(300)}.txt`)).mustBe(404),
  );
  await step(t, 'a segment behind the name of a file', async () =>
    (await app.get('/files/hello.txt/more')).mustRefuse(),
  );
  for (const target of [
    '/files/../secret.txt',
    '/files/%2e%2e/secret.txt',
    '/files/..%2fsecret.txt',
    '/files/%2e%2e%2fsecret.txt',
    '/files/%252e%252e%252fsecret.txt',
    '/files/....%2f%2fsecret.txt',
    '/files/..%5csecret.txt',
    '/files/sub%2f..%2f..%2fsecret.txt',
    '/files/hello.txt%2f..%2f..%2fsecret.txt',
    '/files/..%2fpublic%2f..%2fsecret.txt',
    '/files/..%2fpublic-drafts%2fdraft.txt',
    '/files/%2fetc%2fpasswd',
    '/files//etc/passwd',
    '/files/hello.txt%00.png',
    '/files/..%2fsecret.txt%00.txt',
  ]) {
    await step(t, `nothing outside: ${target}`, async () => {
      const answer = await app.raw(requestText('GET', target));
      answer.must('a status from 400 to 499, and nothing from outside the folder', () => {
        const leaks = answer.text.includes(SECRET) || answer.text.includes('root:');
        return answer.status >= 400 && answer.status < 500 && !leaks;
      });
    });
  }
  await step(t, 'a second server has a folder of its own', async () => {
    const other = await openServer(t, { 'other.txt': 'elsewhere' });
    mustServe(await other.get('/files/other.txt'), Buffer.from('elsewhere'));
    (await other.get(`/files/${name}`)).mustBe(404);
    (await app.get('/files/other.txt')).mustBe(404);
  });
  await step(t, 'the server still serves', async () => {
    mustServe(await app.get('/files/hello.txt'), Buffer.from('Hello, file!'));
    mustServe(await app.get(`/files/${name}`), Buffer.from(text));
  });
});

function mustGreet(answer: Answer, name: string): void {
  const greeting = `Hello, ${name}!`;
  answer.must(`200, text/plain, and the body ${greeting}`, () => {
    return answer.status === 200 && answer.mediaType === 'text/plain' && answer.text === greeting;
  });
}

function mustEcho(answer: Answer, json: unknown): void {
  answer.must(`200 and the same JSON: ${JSON.stringify(json)}`, () => {
    return (
      answer.status === 200 &&
      answer.isJson &&
      JSON.stringify(sorted(answer.json)) === JSON.stringify(sorted(json))
    );
  });
}

function mustServe(answer: Answer, bytes: Buffer): void {
  answer.must(
    `200 and the ${bytes.length} bytes of the file`,
    () => answer.status === 200 && answer.body.equals(bytes),
  );
}

/** Keys in one order, so that their order does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** A line of a stack trace, or a path of the machine that runs the server. */
function tellsInside(text: string): boolean {
  return /\bat .+[:(].+:\d+/.test(text) || /file:\/\//.test(text) || /[\\/][\w.-]+\.m?[jt]s\b/.test(text);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
