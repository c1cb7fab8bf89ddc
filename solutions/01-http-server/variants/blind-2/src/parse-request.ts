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

const malformed: ParseResult = { ok: false, error: 'malformed' };

/** Reads one whole HTTP/1.x request message. Never throws: bad input is a result, not an exception. */
export function parseRequest(bytes: Buffer): ParseResult {
  // The head ends at the first empty line. I search in the bytes, because the body is counted in bytes.
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) {
    return malformed;
  }
  const lines = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const rest = bytes.subarray(headEnd + 4);

  // Request line: METHOD TARGET HTTP/1.1
  const parts = lines[0].split(' ');
  if (parts.length !== 3) {
    return malformed;
  }
  const [method, target, protocol] = parts;
  if (method === '' || target === '') {
    return malformed;
  }
  let version: '1.1' | '1.0';
  if (protocol === 'HTTP/1.1') {
    version = '1.1';
  } else if (protocol === 'HTTP/1.0') {
    version = '1.0';
  } else {
    return malformed;
  }

  // Header lines. No prototype, so that a header called "constructor" is nothing special.
  const headers: Record<string, string> = Object.create(null);
  let contentLength: string | undefined;
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon === -1) {
      return malformed;
    }
    const name = line.slice(0, colon).toLowerCase();
    // This also catches a folded line and a space before the colon.
    if (name === '' || name.includes(' ') || name.includes('\t')) {
      return malformed;
    }
    // Not trim(): that takes away more than spaces and tabs.
    const value = line.slice(colon + 1).replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');

    if (name === 'content-length') {
      if (!/^[0-9]+$/.test(value)) {
        return malformed;
      }
      if (contentLength !== undefined && contentLength !== value) {
        return malformed;
      }
      contentLength = value;
    }

    if (name in headers) {
      headers[name] = headers[name] + ', ' + value;
    } else {
      headers[name] = value;
    }
  }

  if (contentLength !== undefined && 'transfer-encoding' in headers) {
    return malformed;
  }

  const length = contentLength === undefined ? 0 : Number(contentLength);
  if (rest.length < length) {
    return malformed;
  }

  if (version === '1.1' && !('host' in headers)) {
    return { ok: false, error: 'missing_host' };
  }

  return { ok: true, method, target, version, headers, body: rest.subarray(0, length) };
}
