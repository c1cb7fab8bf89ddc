/** One answer read from a raw connection. `rest`: bytes behind it. */
export type ReadAnswer = { status: number; headers: Record<string, string>; body: Buffer; rest: Buffer };

export type AnswerState =
  { kind: 'complete'; answer: ReadAnswer } | { kind: 'more' } | { kind: 'broken'; why: string };

const HEAD_LIMIT = 64 * 1024;
const INTERIM_LIMIT = 100;

/**
 * Reads one HTTP/1.1 answer from the bytes so far (RFC 9112 §6.3). `bodiless`: the request was HEAD. `ended`: the
 * server has closed its side, so that a body without a length is complete. Answers 1xx are passed over, up to 100.
 */
export function readAnswer(bytes: Buffer, bodiless: boolean, ended: boolean): AnswerState {
  let left = bytes;
  for (let interim = 0; interim <= INTERIM_LIMIT; interim++) {
    const state = readOne(left, bodiless, ended);
    // After 101 the connection speaks another protocol (RFC 9110 §15.2.2).
    if (state.kind !== 'complete' || state.answer.status >= 200 || state.answer.status === 101) return state;
    left = state.answer.rest;
  }
  return { kind: 'broken', why: `more than ${INTERIM_LIMIT} answers 1xx and no other` };
}

function readOne(bytes: Buffer, bodiless: boolean, ended: boolean): AnswerState {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    if (bytes.length > HEAD_LIMIT) return { kind: 'broken', why: 'an answer whose headers never end' };
    return ended
      ? { kind: 'broken', why: bytes.length === 0 ? CLOSED : 'the connection was closed inside the headers' }
      : { kind: 'more' };
  }
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
  if (status === undefined)
    return {
      kind: 'broken',
      why: `an answer that does not begin like HTTP: ${JSON.stringify(statusLine.slice(0, 80))}`,
    };
  const rest = bytes.subarray(headEnd + 4);
  const headers = readHeaders(lines);
  if (bodiless || status.startsWith('1') || status === '204' || status === '304') {
    return { kind: 'complete', answer: { status: Number(status), headers, body: Buffer.alloc(0), rest } };
  }
  return readBody({ status: Number(status), headers }, rest, ended);
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

type Head = Pick<ReadAnswer, 'status' | 'headers'>;

function readBody(head: Head, rest: Buffer, ended: boolean): AnswerState {
  if (/(^|,)\s*chunked\s*$/i.test(head.headers['transfer-encoding'] ?? ''))
    return readChunked(head, rest, ended);
  const announced = head.headers['content-length'];
  if (announced === undefined) {
    return ended
      ? { kind: 'complete', answer: { ...head, body: rest, rest: Buffer.alloc(0) } }
      : { kind: 'more' };
  }
  const length = /^\d+$/.test(announced) ? Number(announced) : Number.NaN;
  if (Number.isNaN(length))
    return { kind: 'broken', why: `an answer with Content-Length ${JSON.stringify(announced)}` };
  if (rest.length < length)
    return ended ? { kind: 'broken', why: 'an answer shorter than its Content-Length' } : { kind: 'more' };
  return {
    kind: 'complete',
    answer: { ...head, body: rest.subarray(0, length), rest: rest.subarray(length) },
  };
}

/** RFC 9112 §7.1. */
function readChunked(head: Head, rest: Buffer, ended: boolean): AnswerState {
  const missing: AnswerState = ended
    ? { kind: 'broken', why: 'an answer that ends inside a chunk' }
    : { kind: 'more' };
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return missing;
    const size = /^([0-9a-f]{1,8})\s*(?:;|$)/i.exec(rest.toString('latin1', at, lineEnd))?.[1];
    if (size === undefined) return { kind: 'broken', why: BROKEN_CHUNK };
    const length = Number.parseInt(size, 16);
    at = lineEnd + 2;
    if (length === 0) break;
    if (rest.length < at + length + 2) return missing;
    pieces.push(rest.subarray(at, at + length));
    at += length + 2;
    if (rest.toString('latin1', at - 2, at) !== '\r\n') return { kind: 'broken', why: BROKEN_CHUNK };
  }
  // The trailer section: lines up to an empty one.
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return missing;
    const empty = lineEnd === at;
    at = lineEnd + 2;
    if (empty)
      return { kind: 'complete', answer: { ...head, body: Buffer.concat(pieces), rest: rest.subarray(at) } };
  }
}

const BROKEN_CHUNK = 'an answer with a broken chunk';
const CLOSED = 'the connection was closed without an answer';
