import { timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Who may read the page and who may change something. The server listens on this machine alone, but every website that
 * the learner visits can make the browser send requests to this machine. So:
 *
 * - `Host` must be ours. A name that was pointed at 127.0.0.1 after the page had been loaded (DNS rebinding) is another.
 * - What another origin asks for is refused, whether the browser says so in `Origin` or in `Sec-Fetch-Site`. There is no
 *   CORS header. Following a link to the page is allowed: it shows the page to the person, and nothing to that website.
 * - A change is a POST from our own origin, with the token that stands in our own pages.
 */
export type GuardOptions = {
  /** The hosts that the page is asked for by, for example `127.0.0.1:4100`. */
  hosts: () => readonly string[];
  /** Guards every change; new with each start. */
  token: string;
};

/** No script but our own file, no request to anywhere else, no frame, and nothing kept by the browser. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // With `no-referrer` the browser would hide the origin of our own forms.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Runs before everything else, also before a body is read. */
export function guard({ hosts }: Pick<GuardOptions, 'hosts'>): RequestHandler {
  return (request, response, next) => {
    response.set(HEADERS);
    const { host = '', origin } = request.headers;
    if (!hosts().includes(host)) return refuse(response, 'This is not the address of the workbook.');
    if (origin !== undefined && origin !== `http://${host}`) return refuse(response, FOREIGN);
    if (request.method === 'GET' || request.method === 'HEAD') {
      return isOurs(request) || isVisit(request) ? next() : refuse(response, FOREIGN);
    }
    if (request.method !== 'POST') {
      response.status(405).set('Allow', 'GET, HEAD, POST').type('text').send('Only GET and POST.\n');
      return;
    }
    // Browsers name the origin of every POST. What names none is no page of ours.
    if (origin === undefined || !isOurs(request)) return refuse(response, FOREIGN);
    next();
  };
}

/** Runs where a change begins, after the body was read: the token comes in a header or in a field of the form. */
export function tokenGuard(token: string): RequestHandler {
  return (request, response, next) => {
    if (hasToken(request, token)) return next();
    response.status(403).type('text').send(`${STALE}\n`);
  };
}

/** For a GET that costs something: the stream of events. */
export function queryTokenGuard(token: string): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (isToken(request.query['token'], token)) return next();
    response.status(403).type('text').send(`${STALE}\n`);
  };
}

function isOurs(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  // Absent in old browsers and in programs: then Host, Origin and the token decide.
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** A person follows a link: the answer is shown as a page of its own, in no frame. */
function isVisit({ headers }: Request): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function hasToken(request: Request, token: string): boolean {
  const inHeader = request.headers['x-workbook-token'];
  if (inHeader !== undefined) return isToken(inHeader, token);
  const body: unknown = request.body;
  return typeof body === 'object' && body !== null && 'token' in body && isToken(body.token, token);
}

function isToken(given: unknown, token: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(response: Response, why: string): void {
  response.status(403).type('text').send(`${why}\n`);
}

const FOREIGN = 'Another website asked for this. Only the page of the workbook itself may.';
const STALE =
  'This page is from an earlier start of the workbook. Open the address again, and do what you wanted to do there.';
