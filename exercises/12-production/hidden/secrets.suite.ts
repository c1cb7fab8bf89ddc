// canary ffbecdf59d0fac2d88b1ecc9
import { rule, step } from '#suite';
import { lines, linesWith, logged, must, newNote, openApp, post, requestLines, shown } from './stage.ts';

rule('R6', async (t) => {
  const opened = await openApp(t);
  const { app } = opened;
  const secrets: string[] = [];
  const secret = (length = 18): string => {
    const word = t.random.word(length);
    secrets.push(word);
    return word;
  };
  const headers = (): Record<string, string> => ({
    Authorization: `Bearer ${secret()}`,
    Cookie: `session=${secret()}; theme=${secret()}`,
  });
  const body = (): Record<string, unknown> => ({
    text: secret(),
    password: secret(),
    card: { number: secret() },
  });
  const note = await newNote(opened, secret());
  const json = { 'Content-Type': 'application/json' };
  const sent: [string, number, () => Promise<unknown>][] = [
    [
      'a request that is fine',
      201,
      async () =>
        (await app.post(`/notes?access_token=${secret()}`, { json: body(), headers: headers() })).mustBe(201),
    ],
    [
      'a note that is read',
      200,
      async () =>
        (await app.get(`/notes/${note}?token=${secret()}&${secret()}`, { headers: headers() })).mustBe(200),
    ],
    [
      'a body that is refused',
      400,
      async () =>
        (await app.post('/notes', { json: { ...body(), text: [secret()] }, headers: headers() })).mustBe(400),
    ],
    [
      'a body that is no JSON',
      400,
      async () =>
        (
          await app.post('/notes', {
            // So short that the error of JSON.parse quotes all of it.
            body: `{"pin":${secret(10)}}`,
            headers: { ...json, ...headers() },
          })
        ).mustBe(400),
    ],
    [
      'a path that nobody knows',
      404,
      async () => (await app.get(`/${t.random.word()}?key=${secret()}`, { headers: headers() })).mustBe(404),
    ],
    [
      'a wrong token for metrics',
      401,
      async () => (await app.get('/metrics', { headers: headers() })).mustBe(401),
    ],
    [
      'an error',
      500,
      async () => {
        t.play('mail').fails('down');
        (await app.post('/notes', { json: body(), headers: headers() })).mustBe(500);
      },
    ],
  ];
  for (const [what, status, send] of sent) {
    await step(t, what, async () => {
      await send();
      const found = await requestLines(opened, 1, (line) => line['status'] === status);
      must(found.length > 0 || status === 401, `a line with status ${status}`, await shown(lines(opened)));
      mustBeClean(await logged(opened), secrets);
    });
  }
  await step(t, 'an error whose message quotes the request', async () => {
    const [member, token, session, stays] = [secret(), secret(), secret(), t.random.word(18)];
    // All behind the first question mark is the query (RFC 3986 §3.4).
    const [first, second] = [secret(), secret()];
    const query = `${first}?${second}`;
    // As short as it may be to count. Ids and stacks hold no such signs.
    const text = `ZQ${t.random.integer(10, 99)}`;
    t.play('mail').fails(
      `550 ${stays}: "${text}" (${member}) was refused for Bearer ${token}, session=${session}, ${query}, ${opened.token}`,
    );
    const headers = { Authorization: `Bearer ${token}`, Cookie: `session=${session}` };
    (await app.post(`/notes?${query}`, { json: { text, member, none: null }, headers })).mustBe(500);
    const [line] = await linesWith(opened, 1, ({ stack }) => String(stack).includes(stays));
    must(line !== undefined, 'a line with the rest of that message', await shown(lines(opened)));
    mustBeClean(await logged(opened), [text, member, token, session, first, second, opened.token]);
  });
  await step(t, 'an error whose message quotes all of the request, and twice', async () => {
    const [cookie, query, member, stays] = [secret(), secret(), secret(), t.random.word(18)];
    // Signs that mean something in JSON and in a regular expression.
    const text = `${secret()}"(${secret()}\\`;
    const quoted = `${text} session=${cookie} key=${query} ${member} ${opened.token}`;
    t.play('mail').fails(`550 ${stays}: ${quoted}, that is ${quoted}`);
    const headers = { Cookie: `session=${cookie}` };
    (await app.post(`/notes?key=${query}`, { json: { text, password: member }, headers })).mustBe(500);
    const [line] = await linesWith(opened, 1, ({ stack }) => String(stack).includes(stays));
    must(line !== undefined, 'a line with the rest of that message', await shown(lines(opened)));
    mustBeClean(await logged(opened), [...secrets, opened.token]);
  });
  await step(t, 'the token for metrics', async () => {
    await app.get('/metrics', { headers: { Authorization: `Bearer ${opened.token}` } });
    mustBeClean(await logged(opened), [opened.token]);
  });
});

rule('R7', async (t) => {
  const opened = await openApp(t);
  const word = t.random.word(16);
  await step(t, 'what works', () => newNote(opened));
  const answer = await step(t, 'the mailer fails', async () => {
    t.play('mail').fails(`${word}\n{"level":"info","msg":"forged"}\n`, {
      name: 'MailError',
      code: 'EMAILDOWN',
    });
    return (await post(opened, t.random.word())).mustBe(500);
  });
  await step(t, 'the client learns nothing of it', async () => {
    answer.must(
      'nothing of the error in the answer',
      ({ text, headers }) =>
        ![word, 'EMAILDOWN', 'MailError', 'forged'].some((part) =>
          (text + JSON.stringify(headers)).includes(part),
        ) && !/\n\s+at |(\n|&nbsp;|\\n)\s*at /.test(text),
    );
  });
  await step(t, 'one line tells of it', async () => {
    const found = await linesWith(opened, 1, (line) => JSON.stringify(line).includes(word));
    must(found.length === 1, 'one line that tells of the error', await shown(lines(opened)));
    const [line = {}] = found;
    must(line['level'] === 'error', 'level: error', JSON.stringify(line));
    const { stack } = line;
    must(
      typeof stack === 'string' && stack.includes(word) && /\n\s+at /.test(stack),
      'stack: the stack of the error, with its message',
      JSON.stringify(line),
    );
    const forged = (await lines(opened)).filter(({ msg }) => msg === 'forged');
    must(forged.length === 0, 'no line that the message brought along', forged);
  });
  await step(t, 'an error of the mailer that has a status of its own', async () => {
    const down = t.random.word(16);
    t.play('mail').fails(down, { fields: { status: 404, statusCode: 404 } });
    const failed = (await post(opened, t.random.word())).mustBe(500);
    failed.must('nothing of the error in the answer', ({ text }) => !text.includes(down));
    const found = await linesWith(opened, 1, (line) => JSON.stringify(line).includes(down));
    must(found.length === 1, 'one line that tells of the error', await shown(lines(opened)));
  });
  await step(t, 'an error that comes from elsewhere', async () => {
    t.play('mail').answers(() => undefined);
    const note = await newNote(opened);
    await t.database('app').breakTables();
    const failed = (await opened.app.get(`/notes/${note}`)).mustBe(500);
    failed.must(
      'nothing of the error in the answer',
      ({ text, headers }) =>
        !/no such table|SQLITE/i.test(text + JSON.stringify(headers)) && !/\n\s+at |&nbsp; ?at /.test(text),
    );
    const found = await linesWith(opened, 1, (line) => JSON.stringify(line).includes('no such table'));
    must(
      found.length === 1 && found[0]?.['level'] === 'error' && 'stack' in found[0],
      'one line of level error, with stack',
      await shown(lines(opened)),
    );
    await t.database('app').healTables();
  });
  await step(t, 'an error with a status of its own', async () => {
    // Clients of HTTP throw such: what the mailer refused is no mistake of who asks here.
    t.play('mail').fails(t.random.word(), { fields: { status: 422, statusCode: 422 } });
    (await post(opened, t.random.word())).mustBe(500);
  });
  await step(t, 'the next request works', async () => {
    t.play('mail').answers(() => undefined);
    const note = await newNote(opened);
    (await opened.app.get(`/notes/${note}`)).mustBe(200);
  });
});

function mustBeClean(text: string, secrets: readonly string[]): void {
  const line = text.split('\n').find((each) => secrets.some((secret) => each.includes(secret)));
  must(line === undefined, 'no secret, no query and nothing of a body in the log', line ?? '');
}
