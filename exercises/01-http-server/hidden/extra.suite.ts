// canary 6ebdff55c6d7d3e2c96a691b
import { eventually, rule, step, Unmet } from '#suite';
import { chunk, echoHead, openServer, requestText } from './stage.ts';

const LIMIT = 65_536;

rule('R10', async (t) => {
  const app = await openServer(t);
  for (const path of ['/health', '/hello?name=Ada', '/files/hello.txt']) {
    await step(t, `HEAD ${path}`, async () => {
      const get = await app.get(path);
      // Read as bytes: what follows the headers must be nothing at all.
      const head = await app.raw(requestText('HEAD', path), { head: true });
      head.must(
        `status ${get.status} and Content-Type ${get.header('content-type') ?? 'as GET has it'}`,
        () => {
          return head.status === get.status && head.mediaType === get.mediaType;
        },
      );
    });
  }
  await step(t, 'nothing follows the headers', async () => {
    const connection = await app.connect();
    await connection.write(requestText('HEAD', '/hello'));
    const answer = await app.read(connection, { head: true });
    const rest = await connection.read(t.patience);
    answer.must('the end of the connection right after the headers', () => 'kind' in rest && !rest.hung);
  });
  await step(t, 'HEAD on an unknown path', async () => {
    (await app.raw(requestText('HEAD', `/${t.random.word()}`), { head: true })).mustBe(404);
  });
});

rule('R11', async (t) => {
  const app = await openServer(t);
  for (const target of ['/files/%', '/files/%zz', '/files/%E0%A4%A', '/files/hello%C3.txt']) {
    await step(t, `a file name that cannot be decoded: ${target}`, async () => {
      (await app.raw(requestText('GET', target))).mustBe(400);
    });
  }
  for (const target of ['//', '///', '//:80/health']) {
    await step(t, `an odd address: ${target}`, async () =>
      (await app.raw(requestText('GET', target))).mustRefuse(),
    );
  }
  await step(t, 'the next request works', async () =>
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' }),
  );
});

rule('R12', async (t) => {
  const app = await openServer(t);
  const text = `${t.random.word()} ë € 🦊 ${t.random.word()}`;
  const body = Buffer.from(JSON.stringify({ text }));
  const inside = body.indexOf(Buffer.from('🦊')) + 2;
  await step(t, 'a piece ends inside a character', async () => {
    const connection = await app.connect();
    await connection.write(Buffer.concat([Buffer.from(echoHead(body.length)), body.subarray(0, inside)]));
    // The second piece leaves only when the server has seen the first: two answers to requests behind it prove that.
    (await app.get('/health')).mustBe(200);
    (await app.get('/health')).mustBe(200);
    await connection.write(body.subarray(inside));
    (await app.read(connection)).mustHaveJson(200, { text });
  });
  await step(t, 'every byte is a piece of its own', async () => {
    const connection = await app.connect();
    // Node hands every chunk over by itself, however the bytes are packed on their way.
    const pieces = [...body].map((byte) => chunk(Buffer.from([byte])));
    await connection.write(Buffer.concat([Buffer.from(echoHead(null)), ...pieces, Buffer.from('0\r\n\r\n')]));
    (await app.read(connection)).mustHaveJson(200, { text });
  });
});

rule('R13', async (t) => {
  const app = await openServer(t);
  await step(t, 'exactly 65,536 bytes are accepted', async () => {
    const json = 'x'.repeat(LIMIT - 2);
    const answer = await app.post('/echo', { json });
    answer.must('200 and the same text', () => answer.status === 200 && answer.json === json);
  });
  await step(t, '10 MiB announced, 65 KiB sent, the rest held back', async () => {
    const connection = await app.connect();
    // One write: a server may answer and close at the first line, and a second write would then lose its answer.
    await connection.write(echoHead(10 * 1024 * 1024) + 'x'.repeat(65 * 1024));
    (await app.read(connection)).mustBe(413);
  });
  for (const [what, character] of [
    ['chunks without an announced length', 'x'],
    ['characters of two bytes', 'ë'],
  ] as const) {
    await step(t, `${what}, the end held back`, async () => {
      const connection = await app.connect();
      const piece = chunk(character.repeat(8192 / Buffer.byteLength(character)));
      const pieces = Array.from({ length: 9 }, () => piece);
      await connection.write(Buffer.concat([Buffer.from(echoHead(null)), ...pieces]));
      (await app.read(connection)).mustBe(413);
    });
  }
  await step(t, 'the next request works', async () =>
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' }),
  );
});

rule('R14', async (t) => {
  const app = await openServer(t);
  let answered = 0;
  const slow = Array.from({ length: 10 }, async () => {
    const answer = await app.get('/slow');
    answered++;
    return answer;
  });
  const all = Promise.allSettled(slow);
  const mustWait = (after: string): void => {
    if (answered === 0) return;
    const got = `${answered} of 10 answered ${after}`;
    throw new Unmet({
      expected: 'no answer before 300 ms have passed on the clock',
      got,
      sent: 'GET /slow, ten times',
    });
  };
  await step(t, 'ten requests wait at the same time', async () => {
    await Promise.race([t.clock.waiting(10), ...slow]);
    mustWait('although the clock stood still');
  });
  await step(t, '/health answers while they wait', async () =>
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' }),
  );
  await step(t, 'nobody is answered early', async () => {
    await t.clock.advance(299);
    await t.settle();
    mustWait('after 299 ms');
  });
  await step(t, 'all ten answer after 300 ms', async () => {
    await t.clock.advance(1);
    for (const one of await all) {
      if (one.status === 'rejected') throw one.reason;
      one.value.mustBe(200);
    }
  });
});

rule('R15', async (t) => {
  const app = await openServer(t);
  await step(t, 'three requests on one connection', async () => {
    const connection = await app.connect();
    await connection.write('GET /hello?name=one HTTP/1.1\r\nHost: workbook.test\r\n\r\n');
    (await app.read(connection)).must('200 and Hello, one!', (answer) => answer.text === 'Hello, one!');
    const body = JSON.stringify({ two: t.random.word() });
    await connection.write(echoHead(body.length) + body);
    (await app.read(connection)).mustHaveJson(200, JSON.parse(body));
    await connection.write('GET /health HTTP/1.1\r\nHost: workbook.test\r\n\r\n');
    (await app.read(connection)).mustHaveJson(200, { status: 'ok' });
  });
});

rule('R16', async (t) => {
  const app = await openServer(t);
  for (const label of ['a client gives up inside the body', 'and another one']) {
    await step(t, label, async () => {
      const connection = await app.connect();
      await connection.write(echoHead(1000) + '{"never": "finish');
      // The server has the first piece when it answers a later request.
      (await app.get('/health')).mustBe(200);
      connection.abort();
      await eventually(async () => (await app.connections()) === 0);
    });
  }
  await step(t, 'the server still works', async () => {
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' });
    const word = t.random.word();
    (await app.post('/echo', { json: { word } })).mustHaveJson(200, { word });
  });
});

rule('R17', async (t) => {
  const app = await openServer(t);
  const mustTell = async (instant: number): Promise<void> => {
    const answer = await app.get('/time');
    answer.must(`200 and JSON with now: ${new Date(instant).toISOString()}`, () => {
      const { now } = answer.json as { now: unknown };
      const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
      return (
        answer.status === 200 &&
        answer.isJson &&
        typeof now === 'string' &&
        rfc3339.test(now) &&
        Date.parse(now) === instant
      );
    });
  };
  await step(t, 'the time of the clock', () => mustTell(t.now));
  await step(t, 'the clock has moved on', async () => {
    const span = t.random.integer(1_000, 9_000_000);
    await t.clock.advance(span);
    await mustTell(t.now + span);
  });
});
