import request from 'supertest';
import { afterEach, expect, test } from 'vitest';
import { chunk, Connection, echoHead, openServer, SECRET, send } from './stage.ts';
import type { Stage } from './stage.ts';

const LIMIT = 65_536;

let stage: Stage;

afterEach(async () => {
  await stage.close();
});

test('R1 GET /health answers 200 with JSON that says ok', async () => {
  stage = await openServer();
  const answer = await request(stage.server).get('/health').expect(200).expect('Content-Type', /json/);
  expect(answer.body).toMatchObject({ status: 'ok' });
});

test('R2 GET /hello greets', async () => {
  stage = await openServer();
  await mustGreet('/hello', 'World');
  await mustGreet('/hello?name=Grace', 'Grace');
});

test('R3 an unknown path gets 404', async () => {
  stage = await openServer();
  await request(stage.server).get('/health').expect(200);
  await request(stage.server).get('/nowhere').expect(404);
  await request(stage.server).get('/healthy').expect(404);
});

test('R4 the query does not matter for routing, and the name is decoded', async () => {
  stage = await openServer();
  const answer = await request(stage.server).get('/health?probe=1').expect(200);
  expect(answer.body).toMatchObject({ status: 'ok' });
  await mustGreet('/hello?x=1&name=Ada', 'Ada');
  await mustGreet('/hello?name=Ada%20Lovelace', 'Ada Lovelace');
  await mustGreet('/hello?name=Ada+Lovelace', 'Ada Lovelace');
  await mustGreet('/hello?name=Ada%2B%26%3DLovelace', 'Ada+&=Lovelace');
});

test.each(['Zoë', '李小龍', '🦊 e\u0301'])('R5 the name %s arrives whole', async (name) => {
  stage = await openServer();
  await mustGreet(`/hello?name=${encodeURIComponent(name)}`, name);
});

test('R6 a known path with another method gets 405 with Allow', async () => {
  stage = await openServer();
  const client = request(stage.server);
  await client.delete('/health').expect(405).expect('Allow', /GET/);
  await client.post('/hello').expect(405).expect('Allow', /GET/);
  await client.put('/echo').expect(405).expect('Allow', /POST/);
  await client.get('/echo').expect(405).expect('Allow', /POST/);
  await client.post('/files/hello.txt').expect(405).expect('Allow', /GET/);
  await client.delete('/nowhere').expect(404);
});

test('R7 POST /echo sends the JSON value back', async () => {
  stage = await openServer();
  const post = (type: string, body: string) =>
    request(stage.server).post('/echo').set('Content-Type', type).send(body);
  const values = [
    { word: 'fox', list: [1, 2.5, -3], nested: { deep: [true, null, ''] } },
    ['fox', 'Zoë', '🦊'],
    'fox',
    0,
    false,
    null,
  ];
  for (const value of values) {
    const answer = await post('application/json', JSON.stringify(value)).expect(200);
    expect(answer.body).toEqual(value);
  }
  const answer = await post('application/json; charset=utf-8', '{"word":"fox"}').expect(200);
  expect(answer.body).toEqual({ word: 'fox' });
  for (const body of ['{"name": ', 'name=Ada', '']) await post('application/json', body).expect(400);
  await post('text/plain', '{"a":1}').expect(415);
  await post('application/xml', '<a/>').expect(415);
  await post('application/json', '"fox"').expect(200, '"fox"');
});

test('R8 GET /boom gets 500 and says nothing about the inside', async () => {
  stage = await openServer();
  for (let i = 0; i < 2; i++) {
    const answer = await request(stage.server).get('/boom').expect(500);
    expect(answer.text).not.toContain('on fire');
    expect(answer.text).not.toMatch(/\bat .+:\d+|file:\/\/|\.[jt]s\b/);
  }
  await request(stage.server).get('/health').expect(200);
});

test('R9 GET /files/NAME serves a file of the folder and nothing outside it', async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 10, 128, 195, 40, 7]);
  stage = await openServer({
    'note.txt': 'a note\nZoë\n',
    'two words.txt': 'with a space',
    'picture.bin': bytes,
    'sub/inner.txt': 'inner',
  });
  const body = async (path: string): Promise<Buffer> => {
    const answer = await request(stage.server).get(path).buffer(true).parse(binary).expect(200);
    return answer.body as Buffer;
  };
  expect(await body('/files/note.txt')).toEqual(Buffer.from('a note\nZoë\n'));
  expect(await body('/files/picture.bin')).toEqual(bytes);
  expect(await body('/files/two%20words.txt')).toEqual(Buffer.from('with a space'));
  await request(stage.server).get('/files/missing.txt').expect(404);
  for (const path of [
    '/files/../secret.txt',
    '/files/%2e%2e/secret.txt',
    '/files/%2e%2e%2fsecret.txt',
    '/files/..%2fsecret.txt',
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
    const answer = await send(stage.port, 'GET', path);
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
    expect(answer.status, path).toBeLessThan(500);
    expect(answer.body.toString(), path).not.toContain(SECRET);
  }
  expect(await body('/files/hello.txt')).toEqual(Buffer.from('Hello, file!'));
});

test('R10 HEAD answers like GET, without the body', async () => {
  stage = await openServer();
  for (const path of ['/health', '/hello?name=Ada', '/files/hello.txt']) {
    const get = await send(stage.port, 'GET', path);
    const head = await send(stage.port, 'HEAD', path);
    expect(head).toEqual({ ...get, body: Buffer.alloc(0) });
  }
  const connection = await Connection.open(stage.port);
  await connection.write('HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await connection.read({ head: true });
  await connection.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await connection.read()).toMatchObject({ status: 200 });
  await request(stage.server).head('/nowhere').expect(404);
});

test('R11 an address that cannot be decoded gets 400', async () => {
  stage = await openServer();
  for (const path of ['/files/%', '/files/%zz', '/files/%E0%A4%A', '/files/hello%C3.txt']) {
    expect((await send(stage.port, 'GET', path)).status, path).toBe(400);
  }
  for (const path of ['//', '///', '//:80/health']) {
    const { status } = await send(stage.port, 'GET', path);
    expect(status >= 400 && status < 500, path).toBe(true);
  }
  await request(stage.server).get('/health').expect(200);
});

test('R12 POST /echo puts a body together that arrives in pieces', async () => {
  stage = await openServer();
  const text = 'quick ë € 🦊 brown';
  const body = Buffer.from(JSON.stringify({ text }));
  const inside = body.indexOf(Buffer.from('🦊')) + 2;
  const first = await Connection.open(stage.port);
  await first.write(Buffer.concat([Buffer.from(echoHead(body.length)), body.subarray(0, inside)]));
  await request(stage.server).get('/health').expect(200);
  await request(stage.server).get('/health').expect(200);
  await first.write(body.subarray(inside));
  expect(JSON.parse((await first.read()).text)).toEqual({ text });

  const second = await Connection.open(stage.port);
  const pieces = [...body].map((byte) => chunk(Buffer.from([byte])));
  await second.write(Buffer.concat([Buffer.from(echoHead(null)), ...pieces, Buffer.from('0\r\n\r\n')]));
  expect(JSON.parse((await second.read()).text)).toEqual({ text });
});

test('R13 POST /echo answers 413 as soon as the body is too large', async () => {
  stage = await openServer();
  const json = JSON.stringify('x'.repeat(LIMIT - 2));
  await request(stage.server).post('/echo').set('Content-Type', 'application/json').send(json).expect(200);
  const announced = await Connection.open(stage.port);
  await announced.write(echoHead(10 * 1024 * 1024) + 'x'.repeat(65 * 1024));
  expect((await announced.read()).status).toBe(413);
  const chunked = await Connection.open(stage.port);
  const pieces = Array.from({ length: 9 }, () => chunk(Buffer.alloc(8192, 'x')));
  await chunked.write(Buffer.concat([Buffer.from(echoHead(null)), ...pieces]));
  expect((await chunked.read()).status).toBe(413);
  await request(stage.server).get('/health').expect(200);
});

test('R14 ten requests to /slow wait at the same time', async () => {
  stage = await openServer();
  let answered = 0;
  const slow = Array.from({ length: 10 }, async () => {
    const answer = await request(stage.server).get('/slow');
    answered++;
    return answer.status;
  });
  await expect.poll(() => stage.clock.waiting, { interval: 1 }).toBe(10);
  await request(stage.server).get('/health').expect(200);
  stage.clock.advance(299);
  expect(answered).toBe(0);
  stage.clock.advance(1);
  expect(await Promise.all(slow)).toEqual(Array.from({ length: 10 }, () => 200));
});

test('R15 three requests on one connection are all answered', async () => {
  stage = await openServer();
  const connection = await Connection.open(stage.port);
  await connection.write('GET /hello?name=one HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await connection.read()).toEqual({ status: 200, text: 'Hello, one!' });
  const body = JSON.stringify({ two: 'fox' });
  await connection.write(echoHead(body.length) + body);
  expect(await connection.read()).toEqual({ status: 200, text: body });
  await connection.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await connection.read()).toMatchObject({ status: 200 });
});

test('R16 a client that gives up does not hurt the server', async () => {
  stage = await openServer();
  for (let i = 0; i < 2; i++) {
    const connection = await Connection.open(stage.port);
    await connection.write(echoHead(1000) + '{"never": "finish');
    await request(stage.server).get('/health').expect(200);
    connection.socket.resetAndDestroy();
    await expect.poll(connections, { interval: 1 }).toBe(0);
  }
  await request(stage.server).get('/health').expect(200);
  await request(stage.server).post('/echo').send({ word: 'fox' }).expect(200, { word: 'fox' });
});

test('R17 GET /time tells the time of the given clock', async () => {
  stage = await openServer();
  const time = async (): Promise<number> => {
    const answer = await request(stage.server).get('/time').expect(200);
    const { now } = answer.body as { now: string };
    expect(now).toMatch(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/);
    return Date.parse(now);
  };
  expect(await time()).toBe(stage.clock.now());
  stage.clock.advance(123_456);
  expect(await time()).toBe(stage.clock.now());
});

async function mustGreet(path: string, name: string): Promise<void> {
  const answer = await request(stage.server)
    .get(path)
    .expect(200)
    .expect('Content-Type', /^text\/plain/);
  expect(answer.text).toBe(`Hello, ${name}!`);
}

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    stage.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

/** Supertest reads unknown media types as text; files are bytes. */
function binary(response: NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (piece: Buffer | string) => chunks.push(Buffer.from(piece as string, 'binary')));
  response.on('end', () => done(null, Buffer.concat(chunks)));
}
