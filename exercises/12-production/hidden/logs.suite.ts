// canary a34be3f82f84333500dc785f
import { PlayedFailure, rule, show, step } from '#suite';
import {
  HARMLESS_ID,
  lines,
  linesWith,
  logged,
  must,
  newNote,
  openApp,
  post,
  requestLines,
  whileMailHangs,
} from './stage.ts';
import type { Line } from './stage.ts';

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const LEVELS = ['debug', 'info', 'warn', 'error'];

rule('R4', async (t) => {
  const opened = await openApp(t, { checks: ['shaky'] });
  const { app } = opened;
  const wait = t.random.integer(100, 900);
  await step(t, 'a request that takes its time', () =>
    whileMailHangs(
      opened,
      1,
      () => newNote(opened),
      () => t.clock.advance(wait),
    ),
  );
  await step(t, 'leaves one line', async () => {
    const found = await requestLines(opened, 1, ({ path }) => path === '/notes');
    must(found.length === 1, 'one line with status for POST /notes', await shown(lines(opened)));
    const [line = {}] = found;
    mustBeLine(line);
    const expected = { method: 'POST', path: '/notes', status: 201 };
    must(
      line['method'] === 'POST' && line['status'] === 201,
      `a line with ${show(expected)}`,
      JSON.stringify(line),
    );
    must(
      typeof line['durationMs'] === 'number' && Math.abs(line['durationMs'] - wait) < 1,
      `durationMs: ${wait}, by clock.now()`,
      JSON.stringify(line),
    );
    must(
      Math.abs(Date.parse(String(line['time'])) - (t.now + wait)) <= 1_000,
      `time: ${new Date(t.now + wait).toISOString()}`,
      JSON.stringify(line),
    );
  });
  const missing = `/${t.random.word()}/${t.random.word()}`;
  for (const [what, method, path, status] of [
    ['a note that is not there', 'GET', '/notes/999999', 404],
    ['a path that nobody knows', 'GET', missing, 404],
    ['a body that is none', 'POST', '/notes', 400],
  ] as const) {
    await step(t, what, async () => {
      const body = method === 'POST' ? { json: { text: 7 } } : {};
      (await app.request(method, `${path}?a=${t.random.word()}`, body)).mustBe(status);
      const found = await requestLines(
        opened,
        1,
        (line) => line['path'] === path && line['status'] === status,
      );
      must(
        found.length === 1 && found[0]?.['method'] === method,
        `one line with ${show({ method, path, status })}`,
        await shown(lines(opened)),
      );
    });
  }
  await step(t, 'an error', async () => {
    t.play('mail').fails(t.random.word());
    (await post(opened, t.random.word())).mustBe(500);
    const found = await requestLines(opened, 1, ({ status }) => status === 500);
    must(found.length === 1, 'one line with status 500', await shown(lines(opened)));
  });
  await step(t, 'signs in the address stay inside their line', async () => {
    // A program may write the address as the standard's parser does, so only its beginning is compared.
    const beginning = `/${t.random.word()}`;
    const path = `${beginning}%0A%22%7D%0D%0A{"level":"error"}"\\`;
    await app.raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const found = await requestLines(opened, 1, (line) => String(line['path']).startsWith(beginning));
    must(found.length === 1, `one line with the path ${path}`, await shown(lines(opened)));
  });
  await step(t, 'every line has time, level and msg', async () => {
    // Whoever writes a line about a check that failed keeps to it as well.
    t.play('shaky').fails(t.random.word());
    await app.get('/readyz');
    for (const line of await lines(opened)) mustBeLine(line);
  });
});

rule('R5', async (t) => {
  const opened = await openApp(t);
  const { app } = opened;
  const idOf = async (path: string, given: string | null): Promise<string> => {
    const answer = await app.get(path, { headers: given === null ? {} : { 'X-Request-Id': given } });
    answer.must('a header X-Request-Id of 1 to 64 harmless characters', (it) =>
      HARMLESS_ID.test(it.header('x-request-id') ?? ''),
    );
    return answer.header('x-request-id') ?? '';
  };
  for (const given of [t.random.word(), `A.b_c-${t.random.integer(0, 9)}`, t.random.word(64), '7']) {
    await step(t, 'a harmless id is kept', async () => {
      const path = `/${t.random.word()}`;
      const id = await idOf(path, given);
      must(id === given, `X-Request-Id: ${given}`, id, `GET ${path}   X-Request-Id: ${given}`);
      const found = await requestLines(opened, 1, (line) => line['path'] === path);
      must(found[0]?.['requestId'] === given, `a line with requestId ${given}`, await shown(lines(opened)));
    });
  }
  const word = t.random.word();
  for (const given of [
    t.random.word(65),
    `${word} ${word}`,
    `${word}"`,
    `${word}{}`,
    `${word}/..`,
    `${word};`,
    `${word}\\n`,
    '',
  ]) {
    await step(t, 'another id is replaced', async () => {
      const path = `/${t.random.word()}`;
      const id = await idOf(path, given);
      must(id !== given, 'a new id', id, `GET ${path}   X-Request-Id: ${given}`);
      const found = await requestLines(opened, 1, (line) => line['path'] === path);
      must(found[0]?.['requestId'] === id, `a line with requestId ${id}`, await shown(lines(opened)));
    });
  }
  await step(t, 'no two requests get the same', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => idOf('/livez', null)));
    must(new Set(ids).size === ids.length, 'eight different ids', ids);
  });
  await step(t, 'each answer has one', async () => {
    const [bad, unknown] = [t.random.word(), t.random.word()];
    const json = { 'Content-Type': 'application/json' };
    const answers = [
      await app.post('/notes', { body: '{"text":', headers: { ...json, 'X-Request-Id': bad } }),
      await app.get('/metrics', { headers: { 'X-Request-Id': unknown } }),
    ];
    for (const [index, answer] of answers.entries())
      answer.must(
        'the X-Request-Id of the request',
        (it) => it.header('x-request-id') === [bad, unknown][index],
      );
  });
  await step(t, 'requests side by side', async () => {
    const fails = t.random.word(16);
    const texts = Array.from({ length: 5 }, () => t.random.word());
    t.play('mail').answers(([note]) =>
      (note as { text: unknown }).text === texts[2] ? new PlayedFailure(fails) : undefined,
    );
    const ids = texts.map((_, index) => (index === 1 ? null : t.random.word()));
    const answers = await whileMailHangs(
      opened,
      texts.length,
      () =>
        Promise.all(
          texts.map((text, index) => {
            const id = ids[index];
            return post(opened, text, id == null ? {} : { 'X-Request-Id': id });
          }),
        ),
      () => Promise.resolve(),
    );
    const found = await linesWith(opened, 4, (line) => 'noteId' in line);
    must(
      found.length === 4,
      'a note line for each note that was mailed, and no other',
      await shown(lines(opened)),
    );
    for (const [index, answer] of answers.entries()) {
      const id = answer.header('x-request-id');
      if (index === 2) {
        answer.mustBe(500);
        const errors = await linesWith(opened, 1, (line) => JSON.stringify(line).includes(fails));
        must(
          errors[0]?.['requestId'] === id,
          `an error line with requestId ${id}`,
          await shown(lines(opened)),
        );
        continue;
      }
      answer.mustBe(201);
      const { id: note } = answer.json as { id: unknown };
      const of = found.filter(({ noteId }) => String(noteId) === String(note));
      must(
        of.length === 1 && of[0]?.['requestId'] === id,
        `one line with noteId ${show(note)}, and its requestId ${id}`,
        of.length === 0 ? 'no such line' : of.map((line) => JSON.stringify(line)).join('\n'),
      );
    }
  });
});

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
  await step(t, 'an error that comes from elsewhere', async () => {
    await t.database('app').breakTables();
    const failed = (await opened.app.get('/notes/1')).mustBe(500);
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

function mustBeLine(line: Line): void {
  const { time, level, msg } = line;
  must(
    typeof time === 'string' && UTC.test(time) && !Number.isNaN(Date.parse(time)),
    'time: RFC 3339 in UTC, such as 2026-01-31T09:30:00.000Z',
    JSON.stringify(line),
  );
  must(LEVELS.includes(level as string), 'level: debug, info, warn or error', JSON.stringify(line));
  must(typeof msg === 'string' && msg !== '', 'msg: a string that is not empty', JSON.stringify(line));
}

function mustBeClean(text: string, secrets: readonly string[]): void {
  const line = text.split('\n').find((each) => secrets.some((secret) => each.includes(secret)));
  must(line === undefined, 'no secret, no query and nothing of a body in the log', line ?? '');
}

/** The last lines, for whoever looks for another. */
async function shown(all: Promise<Line[]>): Promise<string> {
  const last = (await all).slice(-4).map((line) => JSON.stringify(line));
  return last.length === 0 ? 'nothing was given to write(…)' : `the last lines are\n${last.join('\n')}`;
}
