import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

/** V8 compiles what has run a few times. */
const TIMES = 5;

const REQUEST = [
  'POST /notes HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  'Content-Length: 14',
  'Connection: close',
  '',
  '{"text":"one"}',
].join('\r\n');

/**
 * Uses once what a program may import, before there is a program: its first request then takes no longer than its tenth.
 * For hosts that wait for a save. Nothing of it stays but compiled code.
 */
export async function rehearse(packages: readonly string[]): Promise<void> {
  const parts: Record<string, () => Promise<void>> = {
    'better-sqlite3': rehearseSqlite,
    bcryptjs: rehearseBcrypt,
    jsonwebtoken: rehearseTokens,
    express: async () => rehearseServer(await expressApp()),
  };
  for (const name of packages) {
    try {
      await parts[name]?.();
    } catch {
      // Whatever is wrong with a package, the program shows it better.
    }
  }
}

async function expressApp(): Promise<RequestListener> {
  const { default: express } = await import('express');
  const app = express();
  app.use(express.json());
  app.post('/notes', (request, response) => {
    response.status(201).json(request.body);
  });
  return app as unknown as RequestListener;
}

async function rehearseServer(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (let time = 0; time < TIMES; time++) {
    const socket = connect(port, '127.0.0.1');
    socket.end(REQUEST);
    socket.resume();
    await once(socket, 'close');
  }
  server.close();
  await once(server, 'close');
}

async function rehearseSqlite(): Promise<void> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER)');
  for (let time = 0; time < TIMES; time++) {
    db.prepare('INSERT INTO t VALUES (?, ?)').run(String(time), time);
    db.prepare('SELECT * FROM t WHERE id = ?').get(String(time));
    db.prepare('SELECT * FROM t').all();
  }
  db.close();
}

async function rehearseBcrypt(): Promise<void> {
  const { compare, hash } = await import('bcryptjs');
  for (let time = 0; time < TIMES; time++) await compare('password', await hash('password', 4));
}

async function rehearseTokens(): Promise<void> {
  const { default: jwt } = await import('jsonwebtoken');
  for (let time = 0; time < TIMES; time++) jwt.verify(jwt.sign({ sub: 'x' }, 'key'), 'key');
}
