/** One request, taken apart. */
export type ParsedRequest = {
  /** As it was sent, for example `GET`. */
  method: string;
  /** As it was sent, for example `/hello?name=Ada`. */
  target: string;
  version: '1.1' | '1.0';
  /** Names in lower case; values without the spaces and tabs around them; repeated ones joined with `, `. */
  headers: Record<string, string>;
  /** Exactly Content-Length bytes. Empty when there is no Content-Length. */
  body: Buffer;
};

/** Either the request or the reason why there is none. */
export type ParseResult = ({ ok: true } & ParsedRequest) | { ok: false; error: 'malformed' | 'missing_host' };

const MALFORMED: ParseResult = { ok: false, error: 'malformed' };

/** Characters of a method and of a header name (RFC 9110 §5.6.2): no space, no colon, no control character. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([^ ]+) ([\x21-\x7e]+) HTTP\/(1\.[01])$/;
/** No control characters but the tab: a stray CR, LF or NUL passes one line off as two (RFC 9110 §5.5). */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Reads one whole HTTP/1.x request message. Never throws: bad input is a result, not an exception. */
export function parseRequest(bytes: Buffer): ParseResult {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return MALFORMED;
  // latin1 maps each byte to one character, so nothing is lost or merged; the body stays bytes.
  const [requestLine = '', ...headerLines] = bytes.toString('latin1', 0, headEnd).split('\r\n');

  const [, method = '', target = '', version] = REQUEST_LINE.exec(requestLine) ?? [];
  if (!TOKEN.test(method) || (version !== '1.1' && version !== '1.0')) return MALFORMED;

  const headers = parseHeaders(headerLines);
  if (headers === null) return MALFORMED;
  const length = bodyLength(headers);
  if (length === null) return MALFORMED;

  const bodyStart = headEnd + 4;
  if (bytes.length - bodyStart < length) return MALFORMED;
  if (version === '1.1' && headers['host'] === undefined) return { ok: false, error: 'missing_host' };
  return { ok: true, method, target, version, headers, body: bytes.subarray(bodyStart, bodyStart + length) };
}

function parseHeaders(lines: string[]): Record<string, string> | null {
  // Without a prototype: a header called `__proto__` or `constructor` is a name like any other.
  const headers = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = trimBlanks(line.slice(colon + 1));
    // The name alone refuses three kinds of line: no colon, a folded one (it starts with a space), `Host : a`.
    if (!TOKEN.test(name) || !VALUE.test(value)) return null;
    const earlier = headers[name];
    if (name === 'host' && earlier !== undefined) return null; // two hosts: two sites could claim the request
    headers[name] = earlier === undefined ? value : `${earlier}, ${value}`;
  }
  return headers;
}

/**
 * Spaces and tabs only. `trim()` also removes U+00A0, which in latin1 is the second byte of `à`; a regular
 * expression such as `/[ \t]+$/` takes quadratic time on a long run of blanks.
 */
function trimBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value[start])) start++;
  while (end > start && isBlank(value[end - 1])) end--;
  return value.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** How many bytes the body has, or null when two readers could disagree about it (RFC 9112 §6.3). */
function bodyLength(headers: Record<string, string>): number | null {
  // Decoding chunks is not this parser's job. To guess a length instead would be how smuggling starts.
  if (headers['transfer-encoding'] !== undefined) return null;
  const declared = headers['content-length'];
  if (declared === undefined) return 0;
  // `5, 5` says the same thing twice, which RFC 9110 §8.6 lets a recipient accept. `5, 6` says two things.
  const lengths = new Set(declared.split(',').map(trimBlanks));
  const [length = ''] = lengths;
  return lengths.size === 1 && /^[0-9]+$/.test(length) ? Number(length) : null;
}
