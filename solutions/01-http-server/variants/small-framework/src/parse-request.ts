/** One request, taken apart. Names of headers are in lower case, and the body is as long as Content-Length says. */
export type ParsedRequest = {
  method: string;
  target: string;
  version: '1.1' | '1.0';
  headers: Record<string, string>;
  body: Buffer;
};

export type ParseResult = ({ ok: true } & ParsedRequest) | { ok: false; error: 'malformed' | 'missing_host' };

/** Thrown below and caught in `parseRequest`, so that the happy path reads from top to bottom. */
class Malformed extends Error {}

const REQUEST_LINE = /^([\w!#$%&'*+.^`|~-]+) ([\x21-\x7e]+) HTTP\/(1\.[01])\r\n/;
/** No space before the colon, and none at the start: a folded line does not fit. The value comes with its blanks. */
const HEADER_LINE = /([\w!#$%&'*+.^`|~-]+):([^\r\n\0]*)\r\n/y;
const DIGITS = /^\d+$/;

/** Reads one whole HTTP/1.x request message. Never throws. */
export function parseRequest(bytes: Buffer): ParseResult {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, error: 'malformed' };
    throw error;
  }
}

function read(bytes: Buffer): ParseResult {
  // One character a byte: a position in the text is a position in the bytes.
  const text = bytes.toString('latin1');
  const [line, method, target, version] = REQUEST_LINE.exec(text) ?? [];
  if (line === undefined || method === undefined || target === undefined) throw new Malformed();

  const { headers, end } = readHeaders(text, line.length);
  if (!text.startsWith('\r\n', end)) throw new Malformed();
  const rest = bytes.subarray(end + 2);
  const length = bodyLength(headers);
  if (rest.length < length) throw new Malformed();
  if (version === '1.1' && !headers.has('host')) return { ok: false, error: 'missing_host' };

  return {
    ok: true,
    method,
    target,
    version: version === '1.0' ? '1.0' : '1.1',
    headers: Object.fromEntries(headers),
    body: rest.subarray(0, length),
  };
}

/** The header lines from `start` on, and where the first line that is none begins. */
function readHeaders(text: string, start: number): { headers: Map<string, string>; end: number } {
  const headers = new Map<string, string>();
  let end = start;
  for (;;) {
    HEADER_LINE.lastIndex = end;
    const [line, rawName, rawValue] = HEADER_LINE.exec(text) ?? [];
    if (line === undefined || rawName === undefined || rawValue === undefined) return { headers, end };
    end += line.length;
    const name = rawName.toLowerCase();
    const value = rawValue.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '');
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
}

function bodyLength(headers: ReadonlyMap<string, string>): number {
  const declared = headers.get('content-length');
  if (declared === undefined) return 0;
  const [length = '', ...others] = new Set(declared.split(/[ \t]*,[ \t]*/));
  if (headers.has('transfer-encoding') || others.length > 0 || !DIGITS.test(length)) throw new Malformed();
  return Number(length);
}
