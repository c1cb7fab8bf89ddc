import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { inspect, type Check, type Fault } from './checks.ts';
import { eventFilter, newEvent } from './event.ts';

export type EventRepo = {
  add(event: unknown): Promise<object>;
  list(filter: unknown): Promise<object[]>;
};

type Answer = { status: number; body: object; headers?: Record<string, string> };

const LIMIT = 100_000;

export function createApp({ repo }: { repo: EventRepo }): Server {
  return createServer((request, response) => {
    answerTo(request, repo)
      .catch((): Answer => problem(500))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
}

function answerTo(request: IncomingMessage, repo: EventRepo): Promise<Answer> {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const path = at === -1 ? url : url.slice(0, at);
  const query = at === -1 ? '' : url.slice(at + 1);
  if (path !== '/events') return Promise.resolve(problem(404));
  if (request.method === 'GET') return list(query, repo);
  if (request.method === 'POST') return add(request, repo);
  return Promise.resolve({ ...problem(405), headers: { allow: 'GET, POST' } });
}

function add(request: IncomingMessage, repo: EventRepo): Promise<Answer> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') return Promise.resolve(problem(415));
  return readBody(request).then((body) => {
    if (body === null) return { ...problem(413), headers: { connection: 'close' } };
    const parsed = parseJson(body);
    if (!parsed.ok) return problem(400);
    return whenRight(newEvent, parsed.value, (event) =>
      repo.add(event).then((stored) => ({ status: 201, body: withoutSecret(stored) })),
    );
  });
}

function list(query: string, repo: EventRepo): Promise<Answer> {
  const parameters = new Map<string, string>();
  const twice = new Set<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (parameters.has(name)) twice.add(name);
    parameters.set(name, value);
  }
  const { clean, faults } = inspect(eventFilter, Object.fromEntries(parameters));
  const pointers = new Set(
    ['from', 'to', 'limit', 'tag'].filter((name) => twice.has(name)).map((name) => `/${name}`),
  );
  // One fault for a pointer, and where a parameter came twice, its order means nothing either.
  const kept = faults.filter(
    ({ pointer, code }) => !pointers.has(pointer) && !(code === 'order' && pointers.has('/from')),
  );
  for (const pointer of pointers) kept.push({ pointer, code: 'duplicate' });
  if (kept.length > 0) return Promise.resolve(problem(422, kept));
  return repo.list(clean).then((items) => ({ status: 200, body: { items: items.map(withoutSecret) } }));
}

function whenRight(
  check: Check,
  value: unknown,
  use: (clean: unknown) => Promise<Answer>,
): Answer | Promise<Answer> {
  const { clean, faults } = inspect(check, value);
  return faults.length > 0 ? problem(422, faults) : use(clean);
}

function withoutSecret(event: object): object {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'accessCode'));
}

/** The whole body, or null when it is longer than what is read. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LIMIT) chunks.push(chunk);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function parseJson(body: Buffer): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(body.toString('utf8')) };
  } catch {
    return { ok: false };
  }
}

function problem(status: number, errors?: Fault[]): Answer {
  return { status, body: { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, errors } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    ...headers,
    'content-type': status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json',
  });
  response.end(JSON.stringify(body));
}
