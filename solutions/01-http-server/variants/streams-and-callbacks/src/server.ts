import { isUtf8 } from 'node:buffer';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { readBody } from './body.ts';
import { sendFile } from './files.ts';
import { decodePercent, firstValue } from './query.ts';
import { sendFailure, sendJson, sendStatus, sendText } from './send.ts';

/** The time, as a dependency. */
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

const MAX_BODY_BYTES = 65_536;
const FILES = '/files/';

/** Builds the server and does not start it. */
export function createServer(dependencies: Dependencies): Server {
  const server = createHttpServer();
  server.on('request', (request, response) => {
    try {
      dispatch(dependencies, request, response);
    } catch (error) {
      // Only what a handler throws at once arrives here. What is called back later must not throw: it answers.
      sendFailure(response, error);
    }
  });
  return server;
}

function dispatch(
  { filesDir, clock }: Dependencies,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const target = request.url ?? '';
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);

  switch (path) {
    case '/':
      if (refuseMethod(request, response, 'GET')) return;
      sendText(response, 200, ['It works.\n']);
      return;

    case '/health':
      if (refuseMethod(request, response, 'GET')) return;
      sendJson(response, ['{', '"status": "ok"', '}']);
      return;

    case '/time':
      if (refuseMethod(request, response, 'GET')) return;
      sendJson(response, ['{"now": ', JSON.stringify(new Date(clock.now())), '}']);
      return;

    case '/hello': {
      if (refuseMethod(request, response, 'GET')) return;
      const name = firstValue(query, 'name');
      if (name === undefined) sendText(response, 200, ['Hello, World!']);
      else if (name === null) sendStatus(response, 400, 'The query is not valid percent-encoding.');
      else sendText(response, 200, ['Hello, ', name, '!']);
      return;
    }

    case '/echo':
      if (refuseMethod(request, response, 'POST')) return;
      echo(request, response);
      return;

    case '/slow':
      if (refuseMethod(request, response, 'GET')) return;
      clock.sleep(300).then(
        () => sendText(response, 200, ['Done', ' waiting', '.']),
        (error: unknown) => sendFailure(response, error),
      );
      return;

    case '/boom':
      if (refuseMethod(request, response, 'GET')) return;
      throw new Error('the inside is on fire');

    default: {
      const encoded = path.startsWith(FILES) ? path.slice(FILES.length) : '';
      if (encoded === '' || encoded.includes('/')) {
        sendStatus(response, 404, 'There is nothing here.');
        return;
      }
      if (refuseMethod(request, response, 'GET')) return;
      const name = decodePercent(encoded);
      if (name === null) sendStatus(response, 400, 'The path is not valid percent-encoding.');
      else sendFile(filesDir, name, request, response);
    }
  }
}

/** Answers OPTIONS, and every method but `method` (and HEAD, where that is GET). False: go on. */
function refuseMethod(request: IncomingMessage, response: ServerResponse, method: 'GET' | 'POST'): boolean {
  if (request.method === method) return false;
  if (request.method === 'HEAD' && method === 'GET') return false;
  response.setHeader('Allow', method === 'GET' ? 'OPTIONS,HEAD,GET' : 'OPTIONS,POST');
  if (request.method === 'OPTIONS') {
    response.writeHead(204);
    response.end();
  } else {
    sendStatus(response, 405, 'This address does not do that.');
  }
  return true;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const type = request.headers['content-type'];
  // Who names no type and sends JSON is understood all the same.
  if (type !== undefined && !/^\s*application\/json\s*(;|$)/i.test(type)) {
    sendStatus(response, 415, 'This address takes application/json.');
    return;
  }
  readBody(request, MAX_BODY_BYTES, (problem, bytes) => {
    if (problem === 'gone') {
      response.destroy();
      return;
    }
    if (problem === 'too_large') {
      response.setHeader('Connection', 'close');
      sendStatus(response, 413, `This address takes up to ${MAX_BODY_BYTES} bytes.`);
      return;
    }
    const json = bytes.toString();
    if (!isUtf8(bytes) || !isJson(json)) sendStatus(response, 400, 'The body is not JSON.');
    else sendJson(response, [' ', json, '\n']);
  });
}
