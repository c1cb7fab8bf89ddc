import { lstat, readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';

const MAX_BODY = 65_536;

/** The time, as a dependency: the check moves it by hand. Use it instead of `Date.now` and `setTimeout`. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after that many milliseconds. */
  sleep(ms: number): Promise<void>;
};

/** What the server is given from outside. */
export type Dependencies = {
  /** Absolute path of the folder whose files are served. */
  filesDir: string;
  clock: Clock;
};

function sendText(response: ServerResponse, status: number, text: string) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, value: unknown) {
  const text = JSON.stringify(value); // before writeHead, in case it throws
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(text);
}

/** Builds the server and does not start it: whoever calls this decides where it listens. */
export function createServer({ filesDir, clock }: Dependencies): Server {
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const target = request.url ?? '/';

    // "//other/health" would be read as a host by new URL.
    if (target.startsWith('//')) {
      sendText(response, 400, 'Bad Request');
      return;
    }
    let url: URL;
    try {
      url = new URL(target, 'http://localhost');
    } catch {
      sendText(response, 400, 'Bad Request');
      return;
    }
    // Route on the path as it was sent: url.pathname has already resolved ".." and turned "\\" into "/".
    const path = target.split('?')[0];

    // Which path is known, and with which methods?
    const getPaths = ['/health', '/time', '/hello', '/slow', '/boom'];
    let allowed: string[];
    if (path === '/echo') {
      allowed = ['POST'];
    } else if (getPaths.includes(path) || path.startsWith('/files/')) {
      allowed = ['GET', 'HEAD'];
    } else {
      sendText(response, 404, 'Not Found');
      return;
    }
    if (!allowed.includes(request.method ?? '')) {
      response.setHeader('Allow', allowed.join(', '));
      sendText(response, 405, 'Method Not Allowed');
      return;
    }

    // From here on HEAD is handled like GET: Node leaves the body away by itself.
    if (path === '/health') {
      sendJson(response, 200, { status: 'ok' });
    } else if (path === '/time') {
      sendJson(response, 200, { now: new Date(clock.now()).toISOString() });
    } else if (path === '/hello') {
      try {
        decodeURIComponent(url.search); // searchParams never complains about %zz, this does
      } catch {
        sendText(response, 400, 'Bad Request');
        return;
      }
      const name = url.searchParams.get('name') || 'World';
      sendText(response, 200, `Hello, ${name}!`);
    } else if (path === '/echo') {
      const mediaType = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
      if (mediaType !== 'application/json') {
        sendText(response, 415, 'Unsupported Media Type');
        return;
      }
      // Collect bytes, not strings: a piece may end in the middle of a character.
      const chunks: Buffer[] = [];
      let size = 0;
      let tooLarge = false;
      for await (const chunk of request) {
        size += chunk.length;
        if (size <= MAX_BODY) {
          chunks.push(chunk);
        } else if (!tooLarge) {
          // Answer now. No break: leaving the loop destroys the connection before the answer is out.
          // The rest is read and thrown away.
          tooLarge = true;
          chunks.length = 0;
          sendText(response, 413, 'Content Too Large');
        }
      }
      if (tooLarge) {
        return;
      }
      const text = Buffer.concat(chunks).toString('utf8');
      try {
        JSON.parse(text);
      } catch {
        sendText(response, 400, 'Not JSON');
        return;
      }
      // The text itself goes back: JSON.stringify overflows the stack on very deep arrays that JSON.parse can read.
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(text);
    } else if (path === '/slow') {
      await clock.sleep(300);
      sendText(response, 200, 'That took a while.');
    } else if (path === '/boom') {
      throw new Error('the inside is on fire');
    } else {
      // /files/NAME
      let name: string;
      try {
        name = decodeURIComponent(path.slice('/files/'.length));
      } catch {
        sendText(response, 400, 'Bad Request');
        return;
      }
      // Checked after decoding, and decoded only once.
      if (name.includes('/') || name.includes('\\') || name.includes('\0') || name === '..' || name === '.' || name === '') {
        sendText(response, 404, 'Not Found');
        return;
      }
      let content: Buffer;
      try {
        const file = join(filesDir, name);
        const info = await lstat(file); // lstat: a link that points somewhere else is no regular file
        if (!info.isFile()) {
          sendText(response, 404, 'Not Found');
          return;
        }
        content = await readFile(file);
      } catch {
        sendText(response, 404, 'Not Found');
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      response.end(content);
    }
  }

  return createHttpServer(async (request, response) => {
    try {
      await handle(request, response);
    } catch {
      // A bug of ours, or the client went away. Tell the client nothing about the inside.
      if (!response.headersSent && !response.destroyed) {
        sendText(response, 500, 'Internal Server Error');
      }
    }
  });
}
