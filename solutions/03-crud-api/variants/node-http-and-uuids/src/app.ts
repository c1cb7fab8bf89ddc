import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Database } from 'better-sqlite3';
import { isRecord, patched, toDraft } from './draft.ts';
import { Shelf, type Draft } from './shelf.ts';

type Reply = { status: number; headers?: Record<string, string>; body?: unknown };

const MAX_BYTES = 64 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createApp({ db }: { db: Database }): Server {
  const shelf = new Shelf(db);
  return createServer((request, response) => {
    void answer(shelf, request)
      .catch((error: unknown) => {
        console.error(error);
        return problem(500, 'The server could not do this.');
      })
      .then(({ status, headers = {}, body }) => {
        request.resume();
        const type = status >= 400 ? 'application/problem+json' : 'application/json';
        if (body === undefined) response.writeHead(status, headers).end();
        else response.writeHead(status, { 'Content-Type': type, ...headers }).end(JSON.stringify(body));
      });
  });
}

async function answer(shelf: Shelf, request: IncomingMessage): Promise<Reply> {
  const [path = '', query = ''] = (request.url ?? '/').split('?', 2);
  if (path === '/books') {
    if (request.method === 'GET') return list(shelf, new URLSearchParams(query));
    if (request.method === 'POST') return create(shelf, request);
    return notAllowed('GET, POST');
  }
  const id = /^\/books\/([^/]+)$/.exec(path)?.[1];
  if (id === undefined) return problem(404, 'Nothing lives here.');
  const { method = '' } = request;
  if (!['GET', 'PUT', 'PATCH', 'DELETE'].includes(method)) return notAllowed('GET, PUT, PATCH, DELETE');
  if (!UUID.test(id)) return problem(400, 'An id is a UUID.');
  if (method === 'GET') {
    const body = shelf.find(id);
    return body === undefined ? gone() : { status: 200, body };
  }
  if (method === 'DELETE') return shelf.delete(id) ? { status: 200, body: { deleted: id } } : gone();
  return change(shelf, request, id);
}

function list(shelf: Shelf, query: URLSearchParams): Reply {
  const read = (name: string, otherwise: number): number => {
    const value = query.get(name) ?? '';
    return /^\d{1,12}$/.test(value) ? Number(value) : otherwise;
  };
  return { status: 200, body: shelf.list(Math.min(100, read('limit', 20)), read('offset', 0)) };
}

async function create(shelf: Shelf, request: IncomingMessage): Promise<Reply> {
  const body = await bodyOf(request, ['application/json']);
  if ('refused' in body) return body.refused;
  const draft = toDraft(body.json);
  if (typeof draft === 'string') return problem(400, draft);
  const book = shelf.insert(draft);
  if (book === undefined) return taken();
  const Location = `http://${request.headers.host ?? 'localhost'}/books/${book.id}`;
  return { status: 201, headers: { Location }, body: book };
}

async function change(shelf: Shelf, request: IncomingMessage, id: string): Promise<Reply> {
  const merges = request.method === 'PATCH';
  const types = ['application/json', ...(merges ? ['application/merge-patch+json'] : [])];
  const body = await bodyOf(request, types);
  if ('refused' in body) return body.refused;
  return shelf.write(() => {
    const before = shelf.find(id);
    if (before === undefined) return gone();
    const { id: _id, createdAt: _createdAt, ...old } = before;
    const draft = merges ? merge(old, body.json) : toDraft(body.json);
    if (typeof draft === 'string') return problem(400, draft);
    return shelf.update(id, draft) ? { status: 204 } : taken();
  });
}

function merge(old: Draft, patch: unknown): Draft | string {
  return isRecord(patch) ? toDraft(patched(old, patch)) : 'A merge patch is a JSON object.';
}

type Body = { json: unknown } | { refused: Reply };

async function bodyOf(request: IncomingMessage, types: string[]): Promise<Body> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!types.includes(type)) return { refused: problem(415, `This takes ${types.join(' or ')}.`) };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BYTES) return { refused: problem(413, 'The body is too large.') };
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString()) };
  } catch {
    return { refused: problem(400, 'The body is not JSON.') };
  }
}

function problem(status: number, detail: string, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: { title: STATUS_CODES[status] ?? 'Error', detail } };
}

function notAllowed(allow: string): Reply {
  return problem(405, `Use ${allow}.`, { Allow: allow });
}

function gone(): Reply {
  return problem(404, 'There is no such book.');
}

function taken(): Reply {
  return problem(409, 'The isbn belongs to another book.');
}
