// canary a34be3f82f84333500dc785f
import { PlayedFailure, rule, show, step } from '#suite';
import {
  HARMLESS_ID,
  lines,
  linesWith,
  must,
  newNote,
  openApp,
  post,
  requestLines,
  whileMailHangs,
  shown,
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
  await step(t, 'a body that is no JSON', async () => {
    const isRefused = ({ path, status }: Line): boolean => path === '/notes' && status === 400;
    const before = (await lines(opened)).filter(isRefused).length;
    const headers = { 'Content-Type': 'application/json' };
    (await app.post('/notes', { body: '{"text":', headers })).mustBe(400);
    const found = await requestLines(opened, before + 1, isRefused);
    must(found.length === before + 1, 'one line with status 400 for it', await shown(lines(opened)));
  });
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
  await step(t, 'an address with escapes is written as it was sent', async () => {
    const path = `/${t.random.word()}%41%20b`;
    (await app.get(path)).mustBe(404);
    const found = await requestLines(opened, 1, (line) => line['path'] === path);
    must(found.length === 1, `one line with the path ${path}`, await shown(lines(opened)));
  });
  await step(t, 'another app logs for itself', async () => {
    const other = await openApp(t, { log: 'other' });
    const [ours, theirs] = [`/${t.random.word()}`, `/${t.random.word()}`];
    for (const [one, path] of [
      [opened, ours],
      [other, theirs],
      [opened, ours],
    ] as const)
      (await one.app.get(path)).mustBe(404);
    for (const [one, path, count, foreign] of [
      [opened, ours, 2, theirs],
      [other, theirs, 1, ours],
    ] as const) {
      const found = await requestLines(one, count, (line) => line['path'] === path);
      must(found.length === count, `its own lines: ${count} with the path ${path}`, await shown(lines(one)));
      const strange = (await lines(one)).filter((line) => line['path'] === foreign);
      must(strange.length === 0, 'no line of a request to another app', strange);
    }
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
  await step(t, 'nor after a restart', async () => {
    const ids: string[] = [];
    for (const host of [2, 3]) {
      const restarted = await openApp(t, { log: 'other', host });
      // Who makes an id of the time and a number is right: after a restart it is later.
      await t.clockOf({ host }).advance(host * 1_000);
      for (let i = 0; i < 3; i++) ids.push((await restarted.app.get('/livez')).header('x-request-id') ?? '');
    }
    must(new Set(ids).size === ids.length, 'other ids than before', ids);
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
    await app.get(`/notes/${await newNote(opened)}`);
    const after = await linesWith(opened, 5, (line) => 'noteId' in line);
    must(after.length === 5, 'no line with noteId for a note that is read', await shown(lines(opened)));
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
