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

type Version = '1.1' | '1.0';

class MalformedMessage extends Error {}
class MissingHost extends Error {}

/** The header lines, in the order in which they came. */
class HeaderLines {
  private static readonly LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/s;
  private readonly values = new Map<string, string[]>();

  /** The name must be a token: that refuses folded lines, a space before the colon and an empty name. */
  add(line: string): void {
    const match = HeaderLines.LINE.exec(line);
    if (match === null) {
      throw new MalformedMessage();
    }
    const name = match[1].toLowerCase();
    const value = HeaderLines.trim(match[2]);
    const earlier = this.values.get(name);
    if (earlier === undefined) {
      this.values.set(name, [value]);
    } else {
      earlier.push(value);
    }
  }

  all(name: string): string[] {
    return this.values.get(name) ?? [];
  }

  /** No prototype: a header named `__proto__` is a header like any other. */
  toObject(): Record<string, string> {
    const result: Record<string, string> = Object.create(null);
    for (const [name, values] of this.values) {
      result[name] = values.join(', ');
    }
    return result;
  }

  /** Spaces and tabs only; String.trim takes more than HTTP allows. */
  private static trim(text: string): string {
    let start = 0;
    let end = text.length;
    while (start < end && (text[start] === ' ' || text[start] === '\t')) start += 1;
    while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
    return text.slice(start, end);
  }
}

class RequestParser {
  private static readonly REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([^\x00-\x20\x7f]+) HTTP\/(1\.[01])$/;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  parse(): ParsedRequest {
    const headEnd = this.bytes.indexOf('\r\n\r\n');
    if (headEnd === -1) {
      throw new MalformedMessage();
    }
    const lines = this.bytes.toString('latin1', 0, headEnd).split('\r\n');
    if (lines.some((line) => /[\r\n\0]/.test(line))) {
      throw new MalformedMessage();
    }
    const requestLine = RequestParser.REQUEST_LINE.exec(lines[0]);
    if (requestLine === null) {
      throw new MalformedMessage();
    }
    const headers = new HeaderLines();
    for (const line of lines.slice(1)) {
      headers.add(line);
    }
    const body = this.body(headers, headEnd + 4);
    const version = requestLine[3] as Version;
    this.checkHost(headers, version);
    return { method: requestLine[1], target: requestLine[2], version, headers: headers.toObject(), body };
  }

  private body(headers: HeaderLines, start: number): Buffer {
    const lengths = headers.all('content-length');
    if (headers.all('transfer-encoding').length > 0) {
      throw new MalformedMessage(); // Not supported alone, ambiguous together with Content-Length.
    }
    if (lengths.length === 0) {
      return Buffer.alloc(0);
    }
    if (lengths.some((length) => length !== lengths[0] || !/^[0-9]+$/.test(length))) {
      throw new MalformedMessage();
    }
    const length = Number(lengths[0]);
    if (length > this.bytes.length - start) {
      throw new MalformedMessage();
    }
    return Buffer.from(this.bytes.subarray(start, start + length));
  }

  private checkHost(headers: HeaderLines, version: Version): void {
    const hosts = headers.all('host').length;
    if (hosts > 1) {
      throw new MalformedMessage(); // RFC 9112 §3.2: which one is meant?
    }
    if (hosts === 0 && version === '1.1') {
      throw new MissingHost();
    }
  }
}

/** Reads one whole HTTP/1.x request message. Never throws: bad input is a result, not an exception. */
export function parseRequest(bytes: Buffer): ParseResult {
  try {
    return { ok: true, ...new RequestParser(bytes).parse() };
  } catch (error) {
    return { ok: false, error: error instanceof MissingHost ? 'missing_host' : 'malformed' };
  }
}
